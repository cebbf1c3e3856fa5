package io.github.backstay.benchmarks.conformance;

import io.github.backstay.benchmarks.data.DataException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A directory of reference files, {@code *.json} and {@code *.json.gz}, which can be replayed.
 * Immutable; reads the files each time.
 */
public final class Conformance {

  private final List<Path> files;

  private Conformance(List<Path> files) {
    this.files = files;
  }

  /**
   * Finds the files.
   *
   * @param directory where they are
   * @return the files, in the order of their names
   * @throws DataException if there is no such directory, or no such file in it
   */
  public static Conformance in(Path directory) {
    if (!Files.isDirectory(directory)) {
      throw DataException.in(
          directory,
          (Files.exists(directory) ? "is no directory" : "no such directory")
              + " (need one with reference files, *.json or *.json.gz).");
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (ReferenceFile.hasName(entry) && Files.isRegularFile(entry)) {
          files.add(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      throw DataException.in(directory, "cannot be listed: " + e.getMessage() + ".", e);
    }
    if (files.isEmpty()) {
      throw DataException.in(
          directory, "there are no reference files in it (need *.json or *.json.gz).");
    }
    Collections.sort(files);
    return new Conformance(files);
  }

  /**
   * The families that there are files of.
   *
   * @return their names, in the order of the files
   * @throws DataException if a file cannot be read
   */
  public Set<String> families() {
    Set<String> families = new LinkedHashSet<>();
    for (Path file : files) {
      families.add(ReferenceFile.read(file).family());
    }
    return families;
  }

  /**
   * Replays the cases of some families.
   *
   * @param families their names
   * @return one report for each file of these families
   * @throws DataException if a file cannot be read
   */
  public List<FamilyReport> replay(Set<String> families) {
    List<FamilyReport> reports = new ArrayList<>();
    for (Path path : files) {
      ReferenceFile file = ReferenceFile.read(path);
      if (families.contains(file.family())) {
        Replay replay = new Replay();
        file.visit(replay);
        if (replay.outcomes().isEmpty()) {
          replay.damaged("the file", "has no cases.");
        }
        reports.add(new FamilyReport(file.family(), replay.outcomes()));
      }
    }
    return reports;
  }
}
