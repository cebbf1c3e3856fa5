package io.github.backstay.nn.files;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes a file as a whole or not at all: to another file beside it first, which takes its place
 * when it has reached the disk. A power failure leaves the old file or the new one.
 */
final class AtomicFile {

  private AtomicFile() {}

  /** What is written. */
  interface Content {
    void writeTo(FileChannel channel) throws IOException;
  }

  /**
   * Writes a file; directories that are missing are made, a symbolic link is followed.
   *
   * @param file the file; replaced if there is one
   * @param content what to write
   * @throws StateFileException if it cannot be written; a file that was there is left as it was
   */
  static void write(Path file, Content content) {
    try {
      Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
      Path directory = target.getParent();
      if (directory == null || (Files.exists(target) && !Files.isRegularFile(target))) {
        throw StateFileException.in(file, "cannot be written: it is not a regular file.");
      }
      Files.createDirectories(directory);
      Path part = directory.resolve("." + UUID.randomUUID() + ".part");
      try {
        try (FileChannel channel =
            FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
          content.writeTo(channel);
          channel.force(true);
        }
        replace(target, part);
      } finally {
        Files.deleteIfExists(part);
      }
      flush(directory);
    } catch (AccessDeniedException e) {
      throw StateFileException.in(file, "cannot be written (permission denied).", e);
    } catch (FileAlreadyExistsException e) {
      throw StateFileException.in(
          file, "cannot be written: " + e.getFile() + " is no directory.", e);
    } catch (IOException e) {
      throw StateFileException.in(file, "cannot be written: " + e.getMessage() + ".", e);
    }
  }

  private static void replace(Path target, Path part) throws IOException {
    try {
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /** Makes the new name last, where a directory can be opened: not on Windows. */
  private static void flush(Path directory) {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // The file itself is on the disk; whether its name is, is left to the operating system.
    }
  }
}
