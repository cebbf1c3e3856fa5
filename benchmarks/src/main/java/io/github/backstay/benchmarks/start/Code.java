package io.github.backstay.benchmarks.start;

import io.github.backstay.core.Tape;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.jspecify.annotations.Nullable;

/**
 * A part of the code that a gradient needs.
 *
 * @param part what it is
 * @param file the name of the jar or folder that it was loaded from
 * @param bytes the size of that jar or, if it holds more than this part, of this part's compressed
 *     entries; null for a folder
 */
public record Code(String part, String file, @Nullable Long bytes) {

  /**
   * The parts, as this process has loaded them.
   *
   * @return core and EJML: its two jars, or one part where all is in one jar
   * @throws StartException if a jar cannot be read
   */
  public static List<Code> parts() {
    return parts(of(Tape.class), of(DMatrixRMaj.class), of(CommonOps_DDRM.class));
  }

  /** The parts from where they are. */
  static List<Code> parts(Path core, Path matrices, Path dense) {
    return core.equals(matrices)
        ? List.of(
            within(core, "core", "io/github/backstay/core/"), within(core, "EJML", "org/ejml/"))
        : List.of(whole(core, "core"), whole(matrices, "ejml-core"), whole(dense, "ejml-ddense"));
  }

  /** The class path that {@link FirstGradient} needs, and nothing else. */
  static String path() {
    return Stream.of(FirstGradient.class, Tape.class, DMatrixRMaj.class, CommonOps_DDRM.class)
        .map(kind -> of(kind).toString())
        .distinct()
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static Code whole(Path file, String part) {
    try {
      return new Code(part, name(file), Files.isDirectory(file) ? null : Files.size(file));
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static Code within(Path file, String part, String folder) {
    if (Files.isDirectory(file)) {
      return new Code(part, name(file), null);
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      long bytes =
          zip.stream()
              .filter(entry -> entry.getName().startsWith(folder))
              .mapToLong(ZipEntry::getCompressedSize)
              .sum();
      return new Code(part, name(file), bytes);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  private static StartException unreadable(Path file, IOException e) {
    return new StartException("start: " + file + " cannot be read: " + e.getMessage() + ".", e);
  }

  /** The jar or folder that a class was loaded from. */
  private static Path of(Class<?> kind) {
    CodeSource source = kind.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new StartException("start: nobody knows where " + kind.getName() + " comes from.");
    }
    try {
      return Path.of(source.getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new StartException("start: " + source.getLocation() + " is no file.", e);
    }
  }
}
