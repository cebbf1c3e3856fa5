package io.github.backstay.nn.files;

import static io.github.backstay.nn.files.TensorFiles.get;
import static io.github.backstay.nn.files.TensorFiles.list;
import static io.github.backstay.nn.files.TensorFiles.put;
import static io.github.backstay.nn.files.TensorFiles.refusal;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {

  @TempDir private Path directory = Path.of("unset");

  private static final byte[] OLD = {1, 2, 3};
  private static final byte[] NEW = {4, 5};

  private static void writeNew(FileChannel channel) throws IOException {
    assertEquals(2, channel.write(ByteBuffer.wrap(NEW)));
  }

  private static void failHalfway(FileChannel channel) throws IOException {
    writeNew(channel);
    throw new IOException("no space left on device");
  }

  @Test
  void replacesTheOldFile() {
    Path file = directory.resolve("f");
    put(file, OLD);
    AtomicFile.write(file, AtomicFileTest::writeNew);
    assertArrayEquals(NEW, get(file));
    assertEquals(List.of("f"), list(directory));
  }

  @Test
  void makesMissingDirectories() {
    Path file = directory.resolve("a").resolve("b").resolve("f");
    AtomicFile.write(file, AtomicFileTest::writeNew);
    assertArrayEquals(NEW, get(file));
  }

  @Test
  void anErrorLeavesTheOldFileAndNothingElse() {
    Path file = directory.resolve("f");
    put(file, OLD);
    assertEquals(
        "cannot be written: no space left on device.",
        refusal(file, () -> AtomicFile.write(file, AtomicFileTest::failHalfway)));
    assertThrows(
        ArithmeticException.class,
        () ->
            AtomicFile.write(
                file,
                channel -> {
                  writeNew(channel);
                  throw new ArithmeticException("anything");
                }));
    assertArrayEquals(OLD, get(file));
    assertEquals(List.of("f"), list(directory));
  }

  @Test
  void anErrorLeavesNoNewFileEither() {
    Path file = directory.resolve("f");
    assertThrows(
        StateFileException.class, () -> AtomicFile.write(file, AtomicFileTest::failHalfway));
    assertEquals(List.of(), list(directory));
  }

  @Test
  void theOldFileIsWholeWhileTheNewOneIsWritten() {
    Path file = directory.resolve("f");
    put(file, OLD);
    AtomicFile.write(
        file,
        channel -> {
          writeNew(channel);
          assertArrayEquals(OLD, get(file));
        });
  }

  @Test
  void followsASymbolicLink() throws IOException {
    Path file = directory.resolve("f");
    Path link = directory.resolve("link");
    put(file, OLD);
    assertEquals(link, Files.createSymbolicLink(link, file));
    AtomicFile.write(link, AtomicFileTest::writeNew);
    assertTrue(Files.isSymbolicLink(link));
    assertArrayEquals(NEW, get(file));
  }

  @Test
  void rejectsWhatCannotBeAFile() {
    assertEquals(
        "cannot be written: it is not a regular file.",
        refusal(directory, () -> AtomicFile.write(directory, AtomicFileTest::writeNew)));
    Path file = directory.resolve("f");
    put(file, OLD);
    Path below = file.resolve("g");
    assertEquals(
        "cannot be written: " + file + " is no directory.",
        refusal(below, () -> AtomicFile.write(below, AtomicFileTest::writeNew)));
  }
}
