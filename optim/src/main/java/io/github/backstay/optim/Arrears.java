package io.github.backstay.optim;

import io.github.backstay.core.DeferredRows;
import io.github.backstay.core.Parameter;
import io.github.backstay.core.RowJournal;
import io.github.backstay.core.RowSet;
import io.github.backstay.regularizers.Contraction;
import io.github.backstay.regularizers.L2;
import io.github.backstay.regularizers.Penalty;
import io.github.backstay.regularizers.Proximal;
import io.github.backstay.regularizers.Regularizer;
import io.github.backstay.regularizers.Relaxation;
import java.util.Arrays;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The steps that the rows of a parameter have slept through because no gradient reached them, and
 * how to make up for them when a row is next looked at. A step then costs what its own rows cost. A
 * row is carried over its stretch in closed form where there is one for all of it ({@link Drift});
 * else step by step until what the rule remembers moves it no more, which is a few hundred steps at
 * most, and over the rest by what is known of the pull alone ({@link Relaxation}).
 */
final class Arrears implements DeferredRows {

  /** After so many steps every row is settled: bounds the memory of steps, and rounding. */
  private static final int LONGEST = 1 << 14;

  /** Up to here a stretch is as quickly taken step by step as in closed form. */
  private static final int SHORT = 1;

  private final MovingRows rows;
  private final UpdateRule rule;
  private final @Nullable RowJournal journal; // where rows are held; null if nothing pulls
  private final @Nullable Relaxation relaxation;
  private final @Nullable Drift drift;
  private final double strength; // of the squared pulls together
  private final int stepsToRest;
  private final int cols;

  private double[] rates = new double[64];
  private int now; // steps recorded since the last clear
  private long before; // steps of the parameter before those
  private int[] settledAt = new int[64]; // by place
  private int known; // how many places there are
  private boolean owes; // whether a row may be behind
  private final RowStep row;
  private final double[][] slots;

  private Arrears(
      MovingRows rows,
      Parameter parameter,
      UpdateRule rule,
      Pulls pulls,
      @Nullable RowJournal journal,
      double strength,
      @Nullable Relaxation relaxation,
      @Nullable Drift drift) {
    this.rows = rows;
    this.rule = rule;
    this.journal = journal;
    this.strength = strength;
    this.relaxation = relaxation;
    this.drift = drift;
    this.stepsToRest = Math.max(0, rule.stepsToRest());
    this.cols = parameter.cols();
    this.row = new RowStep(parameter, pulls, 1);
    this.slots = new double[rule.slots().size()][cols];
  }

  /**
   * The arrears of a rule with its pulls, if what becomes of an idle row is known in closed form:
   *
   * <ul>
   *   <li>no pull, one decoupled penalty with an {@link Penalty#explicitRelaxation()}, several
   *       decoupled L2, or one proximal map with a {@link Proximal#proximalRelaxation()}, under any
   *       rule that says when an entry comes to rest ({@link UpdateRule#stepsToRest()});
   *   <li>coupled L2, with or without decoupled L2, under plain SGD, and under momentum as long as
   *       the rate stays the same.
   * </ul>
   *
   * <p>All others pull in a way that depends on what the gradients have been, entry by entry, or
   * are not known to: every row that has moved is then visited in every step.
   *
   * @param rows the rows that have moved
   * @param parameter whose rows they are
   * @param rule the rule
   * @param pulls the regularizers, all of which hold the rows at the same original
   * @param journal that original; null if nothing pulls
   * @param steps how many steps the parameter has made
   * @return without steps; null if there is no closed form
   */
  static @Nullable Arrears of(
      MovingRows rows,
      Parameter parameter,
      UpdateRule rule,
      Pulls pulls,
      @Nullable RowJournal journal,
      long steps) {
    Regularizer proximal = pulls.proximal();
    double coupled = strength(pulls.coupled());
    double decoupled = strength(pulls.decoupled());
    double strength = Math.max(0.0, coupled) + Math.max(0.0, decoupled);
    if (strength == Double.POSITIVE_INFINITY) {
      return null;
    }
    Relaxation relaxation = null;
    Drift drift = null;
    if (rule instanceof Sgd sgd
        && sgd.stepsToRest() >= 0
        && sgd.dampening() == 0.0
        && proximal == null
        && coupled >= 0.0
        && decoupled >= 0.0) {
      if (sgd.momentum() > 0.0) {
        drift = new MomentumDrift(sgd, coupled, decoupled);
        strength = 0.0; // no rate is too large
      } else if (strength > 0.0) {
        relaxation = new L2(strength).explicitRelaxation();
      }
    } else if (rule.stepsToRest() < 0 || !pulls.coupled().isEmpty()) {
      return null;
    } else if (proximal != null) {
      if (!pulls.decoupled().isEmpty() || !(proximal.restraint() instanceof Proximal map)) {
        return null;
      }
      relaxation = map.proximalRelaxation();
      if (relaxation == null) {
        return null;
      }
    } else if (decoupled >= 0.0) {
      relaxation = decoupled > 0.0 ? new L2(decoupled).explicitRelaxation() : null;
      if (rule instanceof Adam adam) {
        Contraction contraction = relaxation instanceof Contraction c ? c : null;
        drift = new AdamDrift(adam, decoupled, contraction);
      }
    } else {
      relaxation =
          pulls.decoupled().size() == 1
                  && pulls.decoupled().get(0).restraint() instanceof Penalty penalty
              ? penalty.explicitRelaxation()
              : null;
      if (relaxation == null) {
        return null;
      }
    }
    Arrears arrears =
        new Arrears(rows, parameter, rule, pulls, journal, strength, relaxation, drift);
    arrears.before = steps;
    return arrears;
  }

  /** The sum of the strengths of squared pulls; −1 if there is another one among them. */
  private static double strength(List<Regularizer> regularizers) {
    double sum = 0.0;
    for (Regularizer regularizer : regularizers) {
      if (!(regularizer.restraint() instanceof L2 l2)) {
        return -1.0;
      }
      sum += l2.strength();
    }
    return sum;
  }

  /** Whether they are the arrears of this rule, of rows held there, at such a rate. */
  boolean areOf(UpdateRule otherRule, @Nullable RowJournal otherJournal, double rate) {
    return rule == otherRule && journal == otherJournal && rate * strength <= 1.0;
  }

  /** Whether one more step can be slept through; if not, settle all rows and {@link #clear}. */
  boolean takes(double rate) {
    return now < LONGEST
        && (drift == null || drift.takes(rate))
        && (relaxation == null || !relaxation.isFull());
  }

  /** Begins again; all rows must be settled. */
  void clear(long steps) {
    before = steps;
    now = 0;
    Arrays.fill(settledAt, 0);
    owes = false;
    if (drift != null) {
      drift.clear();
    }
    if (relaxation != null) {
      relaxation.clear();
    }
  }

  /** Makes room for rows that are new, and so up to date. */
  void grow() {
    int size = rows.rows().size();
    if (size > settledAt.length) {
      settledAt = Arrays.copyOf(settledAt, Math.max(2 * settledAt.length, size));
    }
    Arrays.fill(settledAt, known, size, now);
    known = size;
  }

  /** Records a step that has been made for the touched rows, and is owed to all others. */
  void record(double rate) {
    if (relaxation != null) {
      relaxation.record(rate); // first, because one of somebody's own may refuse the rate
    }
    if (now == rates.length) {
      rates = Arrays.copyOf(rates, 2 * now);
    }
    rates[now++] = rate;
    if (drift != null) {
      drift.record(before + now, rate);
    }
    for (int k = 0; k < rows.touched().size(); k++) {
      settledAt[rows.touchedPlace(k)] = now;
    }
    owes = rows.touched().size() < known;
  }

  @Override
  public RowSet rows() {
    return rows.rows();
  }

  @Override
  public void settle(int number, DMatrixRMaj values) {
    int place = owes ? rows.rows().find(number) : -1;
    if (place >= 0 && place < known && settledAt[place] < now) {
      carry(place, values);
    }
  }

  @Override
  public void settleAll(DMatrixRMaj values) {
    for (int place = 0; owes && place < known; place++) {
      if (settledAt[place] < now) {
        carry(place, values);
      }
    }
    owes = false;
  }

  private void carry(int place, DMatrixRMaj values) {
    int from = settledAt[place];
    row.begin();
    row.add(rows.rows().row(place), values);
    if (journal != null) {
      row.anchorAt(journal);
    }
    rows.copySlots(place, slots, 0);
    if (now - from <= SHORT
        || drift == null
        || !drift.carry(row.weight, journal == null ? null : row.anchor, slots, from, now)) {
      stepByStep(from);
    }
    rows.putSlots(place, slots, 0);
    row.end(values);
    settledAt[place] = now;
  }

  /** As visiting the row would have done, until it is at rest but for the pull. */
  private void stepByStep(int from) {
    int last = from + Math.min(stepsToRest, now - from);
    for (int step = from; step < last; step++) {
      Arrays.fill(row.gradient.data, 0.0);
      row.step(rule, slots, true, before + step + 1, rates[step]);
    }
    if (last < now) {
      rule.rest(slots, 0, cols, now - last);
      if (relaxation != null) {
        relaxation.relax(row.weight, row.anchor, last, now);
      }
    }
  }
}
