package io.github.backstay.benchmarks.report;

import io.github.backstay.benchmarks.data.DataException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a file as a whole or not at all. */
final class OutputFiles {

  private OutputFiles() {}

  /**
   * Writes text as UTF-8. Directories that are missing are made. The text goes to a file beside the
   * target, which then takes its place, so that nobody ever sees half of it; what is not an
   * ordinary file, such as a pipe, is written directly.
   *
   * @param file the file; replaced if there is one
   * @param text what to write
   * @throws DataException if the file cannot be written; a file that was there is left as it was
   */
  static void write(Path file, String text) {
    if (Files.isDirectory(file)) {
      throw DataException.in(file, "is a directory (need the name of a file to write).");
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
          && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        Files.write(file, bytes);
        return;
      }
      Path directory = file.toAbsolutePath().getParent();
      if (directory == null) {
        throw DataException.in(file, "is not the name of a file.");
      }
      Files.createDirectories(directory);
      Path part = directory.resolve("." + file.getFileName() + "." + UUID.randomUUID() + ".part");
      try {
        Files.write(part, bytes, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (AccessDeniedException e) {
      throw DataException.in(file, "cannot be written (permission denied).", e);
    } catch (FileAlreadyExistsException e) {
      throw DataException.in(file, "cannot be written: " + e.getFile() + " is no directory.", e);
    } catch (IOException e) {
      throw DataException.in(file, "cannot be written: " + e.getMessage() + ".", e);
    }
  }
}
