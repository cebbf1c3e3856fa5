package io.github.backstay.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/ops.md} to the code; with {@code -Dwrite} it writes the page first. */
class OpsPageTest {

  private static final Path PAGE = Path.of("../docs/ops.md");

  @Test
  void thePageSaysWhatTheCodeSays() throws IOException {
    String text = OpsPage.text();
    if (System.getProperty("write") != null) {
      Files.writeString(PAGE, text);
    }
    assertEquals(
        text,
        Files.exists(PAGE) ? Files.readString(PAGE) : "",
        "docs/ops.md is stale. Write it anew: mvn -q -Dquick -pl core test -Dtest=OpsPageTest"
            + " -Dwrite");
  }
}
