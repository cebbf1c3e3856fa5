package io.github.backstay.benchmarks.conformance;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.backstay.benchmarks.data.DataException;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PushbackInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A file of reference cases, plain or in gzip (its first bytes tell): {@code {"family": …,
 * "reference": …, "cases": […]}} with each case on a line of its own. Cases are read one after the
 * other, so that those before a damage are there; after a line that is no JSON, reading goes on
 * with the next one.
 */
final class ReferenceFile {

  /** Receives what is in the file, in order. */
  interface Visitor {

    /** A case, whatever it may hold. */
    void found(JsonNode node);

    /**
     * A part of the file that cannot be read.
     *
     * @param place which, for instance {@code line 17}
     * @param problem what is wrong with it
     */
    void damaged(String place, String problem);
  }

  private static final long MAX_BYTES = 1L << 30;

  /** Some editors put it at the beginning of a file. */
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  private static final ObjectMapper MAPPER =
      new ObjectMapper(
          JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

  private final Path file;
  private final String text;
  private final boolean gzipEndsEarly;
  private final int[] lineStarts;
  private final int end;

  private ReferenceFile(Path file, String text, boolean gzipEndsEarly) {
    this.file = file;
    this.text = text;
    this.gzipEndsEarly = gzipEndsEarly;
    this.lineStarts = lineStarts(text);
    this.end = end(text);
  }

  /** Whether a file's name says that it is one of these. */
  static boolean hasName(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return name.endsWith(".json") || name.endsWith(".json.gz");
  }

  /**
   * Reads a file's text.
   *
   * @param file the file
   * @throws DataException if it cannot be read, or is too large for such a file
   */
  static ReferenceFile read(Path file) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    boolean endsEarly = false;
    try (PushbackInputStream raw = new PushbackInputStream(Files.newInputStream(file), 2)) {
      byte[] magic = raw.readNBytes(2);
      raw.unread(magic);
      boolean gzip = magic.length == 2 && magic[0] == 0x1f && magic[1] == (byte) 0x8b;
      try (InputStream in = gzip ? new GZIPInputStream(raw) : raw) {
        copy(in, bytes, file);
      }
    } catch (EOFException | ZipException e) {
      endsEarly = true; // what came before the damage is replayed
    } catch (IOException e) {
      throw DataException.in(file, "cannot be read: " + e.getMessage() + ".", e);
    }
    String text = bytes.toString(StandardCharsets.UTF_8);
    boolean marked = text.startsWith(BYTE_ORDER_MARK);
    return new ReferenceFile(file, marked ? text.substring(1) : text, endsEarly);
  }

  private static void copy(InputStream in, ByteArrayOutputStream to, Path file) throws IOException {
    byte[] chunk = new byte[1 << 16];
    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
      to.write(chunk, 0, n);
      if (to.size() > MAX_BYTES) {
        throw DataException.in(file, "holds more than " + (MAX_BYTES >> 20) + " MiB of text.");
      }
    }
  }

  /** The family that the file says it is, or else the file's name without its ending. */
  String family() {
    try (JsonParser parser = MAPPER.createParser(text)) {
      if (parser.nextToken() == JsonToken.START_OBJECT) {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String name = parser.currentName();
          JsonToken value = parser.nextToken();
          if (name.equals("family") && value == JsonToken.VALUE_STRING) {
            return parser.getText();
          }
          parser.skipChildren();
        }
      }
    } catch (IOException e) {
      // not JSON up to there: visit says so
    }
    String name = String.valueOf(file.getFileName());
    int dot = name.indexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }

  /** Goes through the cases in order, past what is damaged. */
  void visit(Visitor visitor) {
    int resume = -1;
    try (JsonParser parser = MAPPER.createParser(text)) {
      if (!findCases(parser)) {
        visitor.damaged("the file", "has no list \"cases\"" + early() + ".");
        return;
      }
      resume = visitCases(parser, 1, visitor);
    } catch (IOException e) {
      visitor.damaged("the file", "is no JSON up to its list \"cases\"" + early() + ".");
      return;
    }
    if (resume > 0) {
      visitRest(resume, visitor);
    }
  }

  /** Goes on with a line, as often as there is damage: a list opens in place of the line's end. */
  private void visitRest(int line, Visitor visitor) {
    char[] chars = text.toCharArray();
    int resume = line;
    while (resume > 0) {
      int start = lineStarts[resume - 1] - 1;
      chars[start] = '[';
      try (JsonParser parser = MAPPER.createParser(chars, start, chars.length - start)) {
        Objects.requireNonNull(parser.nextToken()); // the bracket
        resume = visitCases(parser, resume, visitor);
      } catch (IOException e) {
        throw new UncheckedIOException(e); // there is nothing to read from but a text
      }
    }
  }

  private static boolean findCases(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return false;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      if (name.equals("cases")) {
        return value == JsonToken.START_ARRAY;
      }
      parser.skipChildren();
    }
    return false;
  }

  /**
   * Reads cases up to the end of the list or the first damage.
   *
   * @param firstLine which line of the file the parser's first one is
   * @return the line to go on with, or 0 if there is none
   */
  private int visitCases(JsonParser parser, int firstLine, Visitor visitor) {
    int line = firstLine;
    String after = "the beginning";
    try {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        line = firstLine + parser.currentTokenLocation().getLineNr() - 1;
        JsonNode node = MAPPER.readTree(parser);
        after = "\"" + Case.nameOf(node, "line " + line) + "\"";
        visitor.found(node);
        line++;
      }
      if (gzipEndsEarly || end == 0 || text.charAt(end - 1) != '}') {
        visitor.damaged(
            "line " + lines(), "the file is cut off here, after " + after + early() + ".");
      } else if (firstLine == 1) {
        visitEnd(parser, visitor);
      }
      return 0;
    } catch (IOException e) {
      boolean more = line < lines() && lineStarts[line] < end;
      visitor.damaged(
          "line " + line,
          more
              ? "is no JSON: " + problem(e)
              : "the file is cut off here, after " + after + early() + ".");
      return more ? line + 1 : 0;
    }
  }

  /** After the list, members that nobody asks for may come, but nothing after the object. */
  private static void visitEnd(JsonParser parser, Visitor visitor) {
    try {
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        Objects.requireNonNull(parser.nextToken());
        parser.skipChildren();
      }
      if (parser.nextToken() != null) {
        visitor.damaged("the end", "there is more after the object that the file should be.");
      }
    } catch (IOException e) {
      visitor.damaged("the end", "is no JSON: " + problem(e));
    }
  }

  private static String problem(IOException e) {
    String problem = e instanceof JsonProcessingException json ? json.getOriginalMessage() : "";
    return problem.replaceAll("\\s+", " ");
  }

  private String early() {
    return gzipEndsEarly ? " (the gzip data are damaged or end early)" : "";
  }

  private int lines() {
    return lineStarts.length;
  }

  private static int[] lineStarts(String text) {
    int[] starts = new int[(int) text.chars().filter(c -> c == '\n').count() + 1];
    for (int i = 1; i < starts.length; i++) {
      starts[i] = text.indexOf('\n', starts[i - 1]) + 1;
    }
    return starts;
  }

  /** The place after the last character that is no white space. */
  private static int end(String text) {
    int end = text.length();
    while (end > 0 && Character.isWhitespace(text.charAt(end - 1))) {
      end--;
    }
    return end;
  }
}
