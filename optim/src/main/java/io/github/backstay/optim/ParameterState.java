package io.github.backstay.optim;

import io.github.backstay.core.Gradient;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.RowJournal;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.StateDict;
import io.github.backstay.core.kernels.Parallel;
import io.github.backstay.regularizers.Regularizer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * What an optimizer keeps of one parameter: the slots of its rule and how many steps it has made.
 * As long as it is known that most rows rest, only {@link MovingRows} are kept and visited, and of
 * these, where idle rows can be made up for ({@link Arrears}), only those that the gradient has.
 * From the first gradient, rule or regularizer on that concerns every row, the parameter is stepped
 * as a whole. All three take the same steps: to the bit, but for what is made up for in closed
 * form.
 */
final class ParameterState {

  /** Entries of a part: some 20 µs of work, a hundred times what handing it over costs. */
  private static final int PART = 1 << 15;

  /** From so many rows on it is worth knowing why all of them are visited. */
  private static final int TALL = 10_000;

  final Parameter parameter;
  long steps;

  private UpdateRule rule;
  private final List<Slot> slotKinds;
  private double[][] slots = {}; // of all entries, unless there are moving rows
  private @Nullable MovingRows moving;
  private @Nullable Arrears arrears; // of the moving rows, if a step need not visit them all
  private String reason = ""; // why it is stepped as a whole
  private boolean told;
  private final boolean lazy;
  private final Parallel parallel;
  private final Pulls regularizers;
  private final List<Regularizer> coupled;
  private final List<Regularizer> decoupled;
  private final @Nullable Regularizer proximal;
  private final Consumer<DMatrixRMaj> edit = this::edit;
  private final Consumer<DMatrixRMaj> editRows = this::editRows;
  private final int cols;
  private DMatrixRMaj full = new DMatrixRMaj(0, 0); // zeros between steps, as is the next
  private DMatrixRMaj pulls = new DMatrixRMaj(0, 0);
  private @Nullable Gradient gradient;
  private final Clip clip = new Clip();
  private double rate;

  ParameterState(
      Parameter parameter, UpdateRule rule, Pulls regularizers, int lazyFrom, Parallel parallel) {
    this.parameter = parameter;
    this.parallel = parallel;
    this.lazy = parameter.rows() >= lazyFrom;
    this.rule = rule;
    this.slotKinds = List.copyOf(rule.slots());
    this.regularizers = regularizers;
    this.coupled = regularizers.coupled();
    this.decoupled = regularizers.decoupled();
    this.proximal = regularizers.proximal();
    this.cols = parameter.cols();
    begin();
  }

  /** Starts from initial slots, by rows if the rule lets rows rest. */
  private void begin() {
    moving = new MovingRows(parameter, slotKinds, regularizers);
    if (!rule.rests()) {
      becomeWhole("its rule moves every row: " + rule);
    }
  }

  /** Gives up the moving rows and keeps the slots of every entry from now on. */
  private void becomeWhole(String why) {
    settle();
    slots = allSlots();
    moving = null;
    reason = why;
  }

  /** Makes up for what idle rows are owed, and owes nothing from now on. */
  private void settle() {
    if (arrears != null) {
      parameter.defer(null);
      arrears = null;
    }
  }

  /** Which rows a step visits. */
  Visits visits() {
    return moving == null ? Visits.ALL : arrears == null ? Visits.MOVED : Visits.TOUCHED;
  }

  /** The slots of every entry; not a copy if they are kept so. */
  private double[][] allSlots() {
    MovingRows rows = moving;
    if (rows == null) {
      return slots;
    }
    Arrears owed = arrears;
    if (owed != null) {
      parameter.settleThen(() -> owed.clear(steps)); // who goes on from what is saved begins alike
    }
    double[][] all = new double[slotKinds.size()][parameter.rows() * cols];
    for (int i = 0; i < all.length; i++) {
      Arrays.fill(all[i], slotKinds.get(i).initial());
    }
    for (int place = 0; place < rows.rows().size(); place++) {
      rows.copySlots(place, all, rows.rows().row(place) * cols);
    }
    return all;
  }

  boolean isRegularized() {
    return !regularizers.isEmpty();
  }

  /** Lets anchors that move take in what has changed, before the first weight is written. */
  void follow() {
    for (int i = 0; i < coupled.size(); i++) {
      coupled.get(i).follow(parameter);
    }
    for (int i = 0; i < decoupled.size(); i++) {
      decoupled.get(i).follow(parameter);
    }
    if (proximal != null) {
      proximal.follow(parameter);
    }
  }

  Map<String, DMatrixRMaj> slots() {
    Map<String, DMatrixRMaj> copies = new LinkedHashMap<>();
    double[][] all = allSlots();
    for (int i = 0; i < all.length; i++) {
      double[] copy = moving == null ? all[i].clone() : all[i];
      copies.put(slotKinds.get(i).name(), DMatrixRMaj.wrap(parameter.rows(), cols, copy));
    }
    return copies;
  }

  /** Adds a copy of every slot, under the parameter's name and the slot's. */
  void saveSlots(StateDict.Builder state) {
    double[][] all = allSlots();
    for (int i = 0; i < all.length; i++) {
      double[] slot = all[i];
      state.put(
          savedName(slotKinds.get(i)),
          parameter.shape(),
          to -> System.arraycopy(slot, 0, to.data, 0, slot.length));
    }
  }

  /** The names and shapes of what {@link #saveSlots} adds. */
  Map<String, Shape> savedSlots() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    slotKinds.forEach(slot -> shapes.put(savedName(slot), parameter.shape()));
    return shapes;
  }

  /** Takes up what {@link #saveSlots} has added; as a whole if it was stepped so. */
  void load(long newSteps, boolean whole, StateDict saved) {
    Map<String, DMatrixRMaj> values = new LinkedHashMap<>();
    slotKinds.forEach(slot -> values.put(slot.name(), saved.matrix(savedName(slot))));
    restore(newSteps, values);
    if (whole && moving != null) {
      becomeWhole("it was when the training was saved");
    }
  }

  private String savedName(Slot slot) {
    return parameter.name() + "." + slot.name();
  }

  /**
   * The inverse of {@link #slots()}; a row whose slots are the initial ones counts as untouched.
   */
  void restore(long newSteps, Map<String, DMatrixRMaj> saved) {
    List<String> names = slotKinds.stream().map(Slot::name).toList();
    String place = "optimizer: the saved state of \"" + parameter.name() + "\" ";
    if (newSteps < 0) {
      throw new IllegalArgumentException(
          place + "has " + newSteps + " steps (must be at least 0).");
    }
    if (saved.size() != names.size() || !saved.keySet().containsAll(names)) {
      throw new IllegalArgumentException(
          place
              + "has the slots "
              + saved.keySet()
              + ", its rule remembers "
              + names
              + " (both must be the same). Restore it under the rule that it was saved under.");
    }
    DMatrixRMaj[] values = new DMatrixRMaj[names.size()];
    for (int i = 0; i < values.length; i++) {
      DMatrixRMaj value = saved.get(names.get(i));
      if (value == null || value.numRows != parameter.rows() || value.numCols != parameter.cols()) {
        throw new ShapeException(
            place
                + "has a slot \""
                + names.get(i)
                + "\" of "
                + (value == null ? "nothing" : Shape.of(value).toString())
                + ", the parameter is "
                + parameter.shape()
                + " (both must have the same shape).");
      }
      values[i] = value;
    }
    settle();
    steps = newSteps;
    begin();
    MovingRows rows = moving;
    if (rows == null) {
      for (int i = 0; i < values.length; i++) {
        System.arraycopy(values[i].data, 0, slots[i], 0, slots[i].length);
      }
      return;
    }
    double[][] row = new double[values.length][cols];
    for (int k = 0; k < parameter.rows(); k++) {
      boolean moved = false;
      for (int i = 0; i < values.length; i++) {
        System.arraycopy(values[i].data, k * cols, row[i], 0, cols);
        moved |= !isInitial(row[i], slotKinds.get(i));
      }
      if (moved) {
        rows.putSlots(rows.add(k), row, 0);
      }
    }
  }

  private static boolean isInitial(double[] values, Slot slot) {
    long initial = Double.doubleToRawLongBits(slot.initial());
    for (double value : values) {
      if (Double.doubleToRawLongBits(value) != initial) {
        return false;
      }
    }
    return true;
  }

  /** Goes on with another rule that remembers the same. */
  void setRule(UpdateRule newRule) {
    settle();
    rule = newRule;
    if (!rule.rests() && moving != null) {
      becomeWhole("its rule moves every row: " + rule);
    }
  }

  /** A step along the gradient times a factor, each entry then brought within ±bound. */
  void step(
      @Nullable Gradient newGradient, double learningRate, double newFactor, double newBound) {
    gradient = newGradient;
    rate = learningRate;
    clip.set(newFactor, newBound);
    if (moving != null) {
      prepare(moving);
    }
    if (moving == null && newGradient != null && newGradient.isRowSparse()) {
      tell();
    }
    try {
      if (moving == null) {
        parameter.update(edit);
      } else {
        parameter.updateRows(arrears == null ? moving.rows() : moving.touched(), editRows);
      }
    } finally {
      gradient = null;
    }
  }

  /** Finds out which rows this step has to visit. */
  private void prepare(MovingRows rows) {
    String why = rows.gather(gradient);
    if (why != null) {
      becomeWhole(why);
      return;
    }
    RowJournal journal = rows.commonJournal();
    boolean owable = lazy && gradient != null && (journal != null || regularizers.isEmpty());
    if (arrears != null && !(owable && arrears.areOf(rule, journal, rate))) {
      settle();
    }
    if (arrears == null && owable) {
      Arrears fresh = Arrears.of(rows, parameter, rule, regularizers, journal, steps);
      arrears = fresh != null && fresh.areOf(rule, journal, rate) ? fresh : null;
    }
    if (rows.areMost(arrears == null)) {
      becomeWhole("most of them move in one step");
      return;
    }
    if (arrears == null) {
      return;
    }
    arrears.grow();
    parameter.defer(arrears);
    if (!arrears.takes(rate)) {
      parameter.settle();
      arrears.clear(steps);
    }
  }

  /** Says once that a table is stepped as a whole, where that costs something. */
  private void tell() {
    if (!told && parameter.rows() >= TALL) {
      System.getLogger("io.github.backstay.optim")
          .log(
              System.Logger.Level.INFO,
              "optimizer: all {0} rows of parameter \"{1}\" are visited in every step, because {2}.",
              parameter.rows(),
              parameter.name(),
              reason);
    }
    told = true;
  }

  private void editRows(DMatrixRMaj weight) {
    MovingRows rows = Objects.requireNonNull(moving);
    boolean moves = gradient != null || !coupled.isEmpty();
    if (arrears == null) {
      rows.stepAll(weight, gradient, clip, rule, moves, steps + 1, rate);
    } else {
      rows.stepTouched(weight, Objects.requireNonNull(gradient), clip, rule, steps + 1, rate);
      arrears.record(rate);
    }
    steps += moves ? 1 : 0;
  }

  /** All gradients are taken at the weights as they are; only then is the first of them written. */
  private void edit(DMatrixRMaj weight) {
    Gradient given = gradient;
    boolean moves = given != null || !coupled.isEmpty();
    boolean gathers =
        !coupled.isEmpty() || (given != null && (given.isRowSparse() || !clip.isNone()));
    boolean done = false;
    try {
      double[] total = gathers ? gather(given, weight) : given == null ? full.data : given.data();
      if (!decoupled.isEmpty()) {
        pull(weight);
      }
      if (moves) {
        update(weight.data, total, weight.getNumElements());
        steps++;
      }
      if (proximal != null) {
        proximal.prox(parameter, weight, rate);
      }
      done = true;
    } finally {
      if (gathers) {
        clear(done ? given : null);
      }
      if (!decoupled.isEmpty()) {
        Arrays.fill(pulls.data, 0.0);
      }
    }
  }

  /** Large parameters in parts, which are of one size whoever computes them. */
  private void update(double[] weight, double[] total, int entries) {
    if (parallel.threads() == 1 || entries < 2 * PART) {
      rule.update(weight, total, slots, 0, entries, steps + 1, rate);
      return;
    }
    parallel.run(
        (entries + PART - 1) / PART,
        part -> {
          int from = part * PART;
          int to = Math.min(entries, from + PART);
          rule.update(weight, total, slots, from, to, steps + 1, rate);
        });
  }

  /** {@code W ← W − η·Σ∇R(W)}, every gradient at the same W, so that their order is no matter. */
  private void pull(DMatrixRMaj weight) {
    if (pulls.numRows != weight.numRows || pulls.numCols != weight.numCols) {
      pulls = new DMatrixRMaj(weight.numRows, weight.numCols);
    }
    for (int i = 0; i < decoupled.size(); i++) {
      decoupled.get(i).addGradient(parameter, weight, -rate, pulls);
    }
    for (int i = 0; i < weight.getNumElements(); i++) {
      weight.data[i] += pulls.data[i];
    }
  }

  /** The gradient of the loss and that of the coupled regularizers in one full matrix. */
  private double[] gather(@Nullable Gradient given, DMatrixRMaj weight) {
    if (full.numRows != weight.numRows || full.numCols != weight.numCols) {
      full = new DMatrixRMaj(weight.numRows, weight.numCols);
    }
    if (given != null) {
      spread(given);
    }
    for (int i = 0; i < coupled.size(); i++) {
      coupled.get(i).addGradient(parameter, weight, rule.maximizes() ? -1.0 : 1.0, full);
    }
    return full.data;
  }

  /** Makes the full matrix zeros again: all of it, or only the rows that were written. */
  private void clear(@Nullable Gradient given) {
    if (given == null || !given.isRowSparse() || !coupled.isEmpty()) {
      Arrays.fill(full.data, 0.0);
    } else {
      for (int k = 0; k < given.storedRows(); k++) {
        int from = given.rowAt(k) * cols;
        Arrays.fill(full.data, from, from + cols, 0.0);
      }
    }
  }

  /** Writes the gradient's rows, clipped, where they belong in the full matrix. */
  private void spread(Gradient given) {
    for (int k = 0; k < given.storedRows(); k++) {
      clip.copy(given.data(), k * cols, full.data, given.rowAt(k) * cols, cols);
    }
  }
}
