package io.github.backstay.benchmarks.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class ScatterPictureTest {

  private static ScatterPicture picture() {
    return new ScatterPicture("A <title>", "below it", "touches", "‖d‖");
  }

  private static List<Element> elements(ScatterPicture picture, String name) throws Exception {
    byte[] bytes = picture.toSvg().getBytes(StandardCharsets.UTF_8);
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new ByteArrayInputStream(bytes));
    NodeList nodes = document.getElementsByTagName(name);
    List<Element> elements = new ArrayList<>();
    for (int i = 0; i < nodes.getLength(); i++) {
      elements.add((Element) nodes.item(i));
    }
    return elements;
  }

  private static List<String> texts(ScatterPicture picture) throws Exception {
    return elements(picture, "text").stream().map(Element::getTextContent).toList();
  }

  @Test
  void drawsTitlesTicksAndNames() throws Exception {
    ScatterPicture picture =
        picture().point(0, 0.25).point(1200, 4.1, "good & bad").point(3, 1.0, "\u0007");
    assertEquals(
        List.of(
            "A <title>",
            "below it",
            "0",
            "1",
            "2",
            "3",
            "4",
            "5",
            "0",
            "1",
            "2",
            "5",
            "10",
            "20",
            "50",
            "100",
            "200",
            "500",
            "1,000",
            "touches",
            "‖d‖",
            "good & bad",
            "\ufffd"),
        texts(picture));
    assertEquals(2, elements(picture, "circle").size());
  }

  @Test
  void pointsLieWhereTheScalesSay() throws Exception {
    List<Element> dots =
        elements(
            picture().point(9, 0.0, "low").point(99, 2.0, "high").point(999, 1.0, "r"), "circle");
    double[] x = new double[3];
    double[] y = new double[3];
    for (int i = 0; i < 3; i++) {
      x[i] = Double.parseDouble(dots.get(i).getAttribute("cx"));
      y[i] = Double.parseDouble(dots.get(i).getAttribute("cy"));
    }
    assertEquals(x[2] - x[1], x[1] - x[0], 0.15); // log(1 + n) goes up by log 10, twice
    assertEquals(2 * (y[2] - y[1]), y[0] - y[1], 0.15); // rounded to a tenth of a pixel
    assertTrue(x[0] < x[1] && y[1] < y[0]);
  }

  @Test
  void aNameWithoutRoomIsLeftOut() throws Exception {
    ScatterPicture crowded = picture();
    for (int i = 0; i < 200; i++) {
      crowded.point(100, 1.0, "name" + i);
    }
    long names = texts(crowded).stream().filter(text -> text.startsWith("name")).count();
    assertTrue(names >= 3 && names < 150, () -> names + " names");
    assertTrue(texts(crowded).contains("name0"));
  }

  @Test
  void manyPointsTakeLittleRoom() {
    ScatterPicture many = picture();
    for (int i = 0; i < 100_000; i++) {
      many.point(1 + i % 3, 1e-3 * (i % 1000));
    }
    assertTrue(many.toSvg().length() < 50_000);
  }

  @Test
  void drawsNothingAndZeros() throws Exception {
    assertTrue(texts(picture()).contains("touches"));
    assertEquals(1, elements(picture().point(0, 0.0, "zero"), "circle").size());
  }

  @Test
  void rejectsWhatHasNoPlace() {
    for (double wrong : new double[] {-1.0, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertEquals(
          "point: count and measure must be finite and at least 0, got 1 and " + wrong + ".",
          assertThrows(IllegalArgumentException.class, () -> picture().point(1, wrong))
              .getMessage());
    }
    assertThrows(IllegalArgumentException.class, () -> picture().point(-1, 1.0));
  }
}
