package io.github.backstay.benchmarks.steps;

import io.github.backstay.core.Indices;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * W3 by hand, only the rows that have ever had a gradient: every other one is at its anchor and
 * stays. Anchors, gradients and moments of those rows stand next to each other, by pages.
 */
final class HandMovedRows implements Contestant {

  private static final int PAGE = 64; // rows

  private static final class Page {
    final int[] rows = new int[PAGE];
    final double[] anchor;
    final double[] bar;
    final double[] m;
    final double[] v;
    int size;

    Page(int width) {
      anchor = new double[PAGE * width];
      bar = new double[PAGE * width];
      m = new double[PAGE * width];
      v = new double[PAGE * width];
    }
  }

  private final HandArithmetic arithmetic;
  private final AnchoredTable problem;
  private final HandAdam adam;
  private final HandTextNetwork network;
  private final double[] w;
  private final int[] places; // of each row, or −1
  private final List<Page> pages = new ArrayList<>();
  private final double[] gathered;
  private final double[] row;
  private final double[] sum;
  private int moved;
  private int next;

  HandMovedRows(HandArithmetic arithmetic, AnchoredTable problem) {
    this.arithmetic = arithmetic;
    this.problem = problem;
    adam = new HandAdam(problem.learningRate());
    network = new HandTextNetwork(arithmetic, problem);
    w = problem.table().data;
    places = new int[problem.height()];
    Arrays.fill(places, -1);
    gathered = new double[PAGE * problem.width()];
    row = new double[problem.width()];
    sum = new double[problem.width()];
  }

  @Override
  public double step() {
    Indices tokens = problem.batches().get(next);
    network.average(w, tokens, problem.length(), row, sum);
    adam.tick();
    double loss = network.step(problem.classes().get(next), adam);
    scatter(tokens);
    double squares = 0.0;
    for (int p = 0; p < pages.size(); p++) {
      squares += move(pages.get(p));
    }
    next = (next + 1) % problem.batches().size();
    return loss + 0.5 * problem.strength() * squares;
  }

  private void scatter(Indices tokens) {
    int width = problem.width();
    int length = problem.length();
    double share = 1.0 / length;
    double[] bar = network.textsBar.data;
    for (int i = 0; i < bar.length; i++) {
      bar[i] *= share;
    }
    for (int k = 0; k < tokens.size(); k++) {
      int from = k / length * width;
      int place = place(tokens.get(k));
      double[] page = pages.get(place / PAGE).bar;
      int to = place % PAGE * width;
      for (int j = 0; j < width; j++) {
        page[to + j] += bar[from + j];
      }
    }
  }

  private int place(int tableRow) {
    int place = places[tableRow];
    if (place >= 0) {
      return place;
    }
    if (moved % PAGE == 0) {
      pages.add(new Page(problem.width()));
    }
    int width = problem.width();
    Page page = pages.get(moved / PAGE);
    page.rows[page.size] = tableRow;
    System.arraycopy(w, tableRow * width, page.anchor, page.size * width, width);
    page.size++;
    places[tableRow] = moved;
    return moved++;
  }

  /** Moves the rows of a page; returns how far they were from their anchors, squared. */
  private double move(Page page) {
    int width = problem.width();
    int count = page.size * width;
    for (int k = 0; k < page.size; k++) {
      System.arraycopy(w, page.rows[k] * width, gathered, k * width, width);
    }
    double squares = arithmetic.squaredDistance(gathered, page.anchor, count);
    adam.moveHeld(gathered, problem.strength(), page.anchor, page.bar, page.m, page.v, count);
    Arrays.fill(page.bar, 0, count, 0.0);
    for (int k = 0; k < page.size; k++) {
      System.arraycopy(gathered, k * width, w, page.rows[k] * width, width);
    }
    return squares;
  }
}
