package io.github.backstay.benchmarks;

import io.github.backstay.benchmarks.data.DataException;
import io.github.backstay.benchmarks.report.Terminal;
import io.github.backstay.nn.files.StateFileException;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The program {@code backstay}: finds the command and turns the way it ends into an exit code, with
 * one line on standard error where something went wrong.
 *
 * <ul>
 *   <li>0: done.
 *   <li>1: a check failed ({@link CheckFailedException}).
 *   <li>2: wrong arguments ({@link ParameterException}), or a file that is missing, cut off, not
 *       what it should be or not writable ({@link DataException}, {@link StateFileException}).
 *   <li>3: anything else, which is a defect of this program or too little memory.
 * </ul>
 */
@Command(
    name = "backstay",
    description = "Experiments with regularization that holds weights where you want them.",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    scope = ScopeType.INHERIT,
    synopsisSubcommandLabel = "COMMAND",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:a check failed",
      "2:wrong arguments, or a file that cannot be used",
      "3:a defect of this program, or too little memory"
    })
public final class Main implements Runnable {

  /** Done. */
  public static final int OK = 0;

  /** A check failed. */
  public static final int CHECK_FAILED = 1;

  /** Wrong arguments, or a file that cannot be used. */
  public static final int BAD_INPUT = 2;

  /** A defect of this program, or too little memory. */
  public static final int DEFECT = 3;

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--stacktrace",
      scope = ScopeType.INHERIT,
      description = "On an error, show where in the program it arose.")
  private boolean stacktrace;

  private Main() {}

  /**
   * Runs the program and ends the JVM.
   *
   * @param args the command and its arguments
   */
  public static void main(String[] args) {
    // Before anything asks: no window system, and no console where there is no terminal.
    setUnlessSet("java.awt.headless", "true");
    setUnlessSet("jdk.console", "java.base");
    int exitCode = run(writer(FileDescriptor.out), writer(FileDescriptor.err), args);
    System.exit(exitCode);
  }

  private static void setUnlessSet(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  private static PrintWriter writer(FileDescriptor descriptor) {
    FileOutputStream stream = new FileOutputStream(descriptor);
    return new PrintWriter(new OutputStreamWriter(stream, Terminal.charset()), true);
  }

  /**
   * Runs the program within the JVM.
   *
   * @param out where results go
   * @param err where errors go
   * @param args the command and its arguments
   * @return the exit code
   */
  public static int run(PrintWriter out, PrintWriter err, String... args) {
    int exitCode;
    try {
      exitCode = commandLine().setOut(out).setErr(err).execute(args);
    } catch (OutOfMemoryError e) {
      long heap = Runtime.getRuntime().maxMemory() >> 20;
      err.println("backstay: " + heap + " MiB of memory are too little. Try java -Xmx… -jar …");
      exitCode = DEFECT;
    }
    out.flush();
    err.flush();
    return exitCode;
  }

  /**
   * The program before it runs.
   *
   * @param more commands beside its own, for tests
   */
  static CommandLine commandLine(Object... more) {
    return new Main().build(more);
  }

  private CommandLine build(Object... more) {
    CommandLine commandLine =
        new CommandLine(this)
            .addSubcommand(new DemoCommand())
            .addSubcommand(new TrainCommand())
            .addSubcommand(new CurvesCommand())
            .addSubcommand(new LessonCommand())
            .addSubcommand(new ConformanceCommand())
            .addSubcommand(new BenchCommand())
            .addSubcommand(new VectorsCommand());
    for (Object command : more) {
      commandLine.addSubcommand(command);
    }
    // After the commands: what is set here reaches those that are there.
    return commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setExpandAtFiles(false)
        .setUsageHelpAutoWidth(true)
        .setParameterExceptionHandler(this::badArguments)
        .setExecutionExceptionHandler(this::failed);
  }

  /** Called when no command is given. */
  @Override
  public void run() {
    CommandLine commandLine = Objects.requireNonNull(spec).commandLine();
    String names = String.join(", ", commandLine.getSubcommands().keySet());
    throw new ParameterException(commandLine, "a command is needed: " + names);
  }

  private int badArguments(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    complain(command, e, name + ": " + sentence(e.getMessage()) + " See " + name + " --help.");
    return BAD_INPUT;
  }

  private int failed(Exception e, CommandLine command, CommandLine.ParseResult result) {
    String name = command.getCommandSpec().qualifiedName();
    if (e instanceof DataException || e instanceof StateFileException) {
      complain(command, e, name + ": " + sentence(e.getMessage()));
      return BAD_INPUT;
    }
    if (e instanceof CheckFailedException) {
      complain(command, e, name + ": " + sentence(e.getMessage()));
      return CHECK_FAILED;
    }
    complain(
        command,
        e,
        name
            + ": "
            + sentence(e.toString())
            + " This is a defect of the program"
            + (stacktrace ? "." : "; --stacktrace shows where."));
    return DEFECT;
  }

  private void complain(CommandLine command, Exception e, String line) {
    command.getErr().println(line);
    if (stacktrace) {
      e.printStackTrace(command.getErr());
    }
  }

  /** The text on one line, with a full stop. */
  private static String sentence(@Nullable String text) {
    String line = text == null ? "" : text.strip().replaceAll("\\p{Cntrl}+", " ");
    return line.isEmpty() || ".!?".indexOf(line.charAt(line.length() - 1)) >= 0 ? line : line + ".";
  }

  /** Reads the version from what Maven puts into the jar. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() throws IOException {
      String path = "/META-INF/maven/io.github.backstay/backstay-benchmarks/pom.properties";
      Properties properties = new Properties();
      try (InputStream in = Main.class.getResourceAsStream(path)) {
        if (in != null) {
          properties.load(in);
        }
      }
      return new String[] {"backstay " + properties.getProperty("version", "(not from a jar)")};
    }
  }
}
