package io.github.backstay.optim;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.github.backstay.core.Gradient;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.RowJournal;
import io.github.backstay.core.RowSet;
import io.github.backstay.regularizers.Regularizer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a parameter that have ever moved, and what a rule remembers of them. Every other row
 * has no gradient, sits at its anchors and has its initial slots: a rule that rests would leave it
 * where it is, so it is neither visited nor given memory. What is visited is treated as the whole
 * would be, entry by entry in the same order of operations, so that the bits are the same. Rows are
 * worked on by the page: copied next to each other, stepped in one call, and copied back.
 */
final class MovingRows {

  private static final int PAGE = 64; // rows

  private final Parameter parameter;
  private final List<Slot> slotKinds;
  private final List<Regularizer> regularizers;
  private final int cols;
  private final RowSet rows = new RowSet();
  private double[][][] pages = new double[4][][]; // slots by page and kind
  private final @Nullable RowJournal[]
      journals; // of each regularizer, as far as they have been read
  private final int[] read; // how many moved rows of each are here
  private final RowSet touched = new RowSet(); // rows of the gradient of this step
  private int[] touchedPlaces = new int[PAGE]; // where they are, in the order of the gradient
  private int[] stored = filled(PAGE); // by place: where the gradient has the row, or −1
  private final int[] places = new int[PAGE]; // of the rows that are worked on
  private final RowStep page;
  private final double[][] gathered; // slots of rows that do not lie next to each other

  MovingRows(Parameter parameter, List<Slot> slotKinds, Pulls pulls) {
    this.parameter = parameter;
    this.slotKinds = slotKinds;
    this.regularizers = pulls.all();
    this.cols = parameter.cols();
    this.journals = new RowJournal[regularizers.size()];
    this.read = new int[regularizers.size()];
    int height = Math.min(PAGE, Math.max(1, parameter.rows()));
    this.page = new RowStep(parameter, pulls, height);
    this.gathered = new double[slotKinds.size()][height * cols];
  }

  private static int[] filled(int length) {
    int[] none = new int[length];
    Arrays.fill(none, -1);
    return none;
  }

  RowSet rows() {
    return rows;
  }

  /** The rows that the gradient of this step has. */
  RowSet touched() {
    return touched;
  }

  /** The place of the k-th of them. */
  int touchedPlace(int k) {
    return touchedPlaces[k];
  }

  /** Where a row is, after making room for it with initial slots if it is new. */
  @CanIgnoreReturnValue
  int add(int row) {
    int size = rows.size();
    int place = rows.add(row);
    if (place == size) {
      if (place == stored.length) {
        stored = Arrays.copyOf(stored, 2 * place);
        Arrays.fill(stored, place, 2 * place, -1);
      }
      if (place % PAGE == 0) {
        addPage(place / PAGE);
      }
    }
    return place;
  }

  private void addPage(int page) {
    if (page == pages.length) {
      pages = Arrays.copyOf(pages, 2 * page);
    }
    int height = Math.min(PAGE, parameter.rows() - page * PAGE);
    double[][] fresh = new double[slotKinds.size()][height * cols];
    for (int i = 0; i < fresh.length; i++) {
      Arrays.fill(fresh[i], slotKinds.get(i).initial());
    }
    pages[page] = fresh;
  }

  /** Copies what is remembered of a row to some place in arrays, one per slot. */
  void copySlots(int place, double[][] to, int at) {
    double[][] page = pages[place / PAGE];
    for (int i = 0; i < page.length; i++) {
      System.arraycopy(page[i], place % PAGE * cols, to[i], at, cols);
    }
  }

  /** The inverse of {@link #copySlots}. */
  void putSlots(int place, double[][] from, int at) {
    double[][] page = pages[place / PAGE];
    for (int i = 0; i < page.length; i++) {
      System.arraycopy(from[i], at, page[i], place % PAGE * cols, cols);
    }
  }

  /**
   * Takes in the rows that a gradient has and those that have left their anchors.
   *
   * @return why all rows have to be visited; null if that is not so
   */
  @Nullable String gather(@Nullable Gradient given) {
    if (given != null && !given.isRowSparse()) {
      return "its gradient is dense";
    }
    for (int i = 0; i < regularizers.size(); i++) {
      RowJournal journal = regularizers.get(i).heldAt(parameter);
      if (journal == null) {
        return "any of its rows may be pulled by (" + regularizers.get(i) + ")";
      }
      if (journals[i] != journal) {
        journals[i] = journal;
        read[i] = 0;
      }
      for (RowSet moved = journal.rows(); read[i] < moved.size(); read[i]++) {
        add(moved.row(read[i]));
      }
    }
    touched.clear();
    int count = given == null ? 0 : given.storedRows();
    if (count > touchedPlaces.length) {
      touchedPlaces = new int[Math.max(count, 2 * touchedPlaces.length)];
    }
    for (int k = 0; given != null && k < count; k++) {
      touchedPlaces[k] = add(given.rowAt(k));
      touched.add(given.rowAt(k));
    }
    return null;
  }

  /** The journal that all regularizers hold the rows at; null if there is none, or several. */
  @Nullable RowJournal commonJournal() {
    RowJournal common = journals.length == 0 ? null : journals[0];
    for (RowJournal journal : journals) {
      if (journal != common) {
        return null;
      }
    }
    return common;
  }

  /** Whether a step visits most of all rows, so that nothing is saved by knowing which. */
  boolean areMost(boolean visitsAll) {
    return 2L * (visitsAll ? rows : touched).size() > parameter.rows();
  }

  /** One step of all moving rows; without {@code moves} only the pulls. */
  void stepAll(
      DMatrixRMaj values,
      @Nullable Gradient given,
      Clip clip,
      UpdateRule rule,
      boolean moves,
      long step,
      double rate) {
    for (int k = 0; given != null && k < given.storedRows(); k++) {
      stored[rows.find(given.rowAt(k))] = k;
    }
    try {
      for (int first = 0; first < rows.size(); first += PAGE) {
        int count = Math.min(PAGE, rows.size() - first);
        for (int k = 0; k < count; k++) {
          places[k] = first + k;
        }
        double[][] slots = pages[first / PAGE];
        stepPage(values, count, given, clip, rule, moves, step, rate, slots);
      }
    } finally {
      Arrays.fill(stored, 0, rows.size(), -1);
    }
  }

  /** One step of the rows that a gradient has. */
  void stepTouched(
      DMatrixRMaj values, Gradient given, Clip clip, UpdateRule rule, long step, double rate) {
    for (int first = 0; first < given.storedRows(); first += PAGE) {
      int count = Math.min(PAGE, given.storedRows() - first);
      boolean inPlace = beginPage(first, count);
      for (int k = 0; k < count; k++) {
        places[k] = touchedPlaces[first + k];
        stored[places[k]] = first + k;
        if (!inPlace) {
          copySlots(places[k], gathered, k * cols);
        }
      }
      double[][] slots = inPlace ? pages[places[0] / PAGE] : gathered;
      try {
        stepPage(values, count, given, clip, rule, true, step, rate, slots);
      } finally {
        for (int k = 0; k < count; k++) {
          stored[places[k]] = -1;
          if (!inPlace) {
            putSlots(places[k], gathered, k * cols);
          }
        }
      }
    }
  }

  /** Whether some rows of the gradient are the first ones of a page, in its order. */
  private boolean beginPage(int first, int count) {
    int place = touchedPlaces[first];
    boolean begin = place % PAGE == 0;
    for (int k = 1; k < count; k++) {
      begin &= touchedPlaces[first + k] == place + k;
    }
    return begin;
  }

  private void stepPage(
      DMatrixRMaj values,
      int count,
      @Nullable Gradient given,
      Clip clip,
      UpdateRule rule,
      boolean moves,
      long step,
      double rate,
      double[][] slots) {
    page.begin();
    for (int k = 0; k < count; k++) {
      page.add(rows.row(places[k]), values);
      int place = stored[places[k]];
      if (place < 0) {
        Arrays.fill(page.gradient.data, k * cols, (k + 1) * cols, 0.0);
      } else {
        double[] data = Objects.requireNonNull(given).data();
        clip.copy(data, place * cols, page.gradient.data, k * cols, cols);
      }
    }
    page.step(rule, slots, moves, step, rate);
    page.end(values);
  }
}
