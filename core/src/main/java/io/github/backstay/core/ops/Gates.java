package io.github.backstay.core.ops;

import io.github.backstay.core.Accumulator;
import io.github.backstay.core.Op;
import io.github.backstay.core.Shape;
import io.github.backstay.core.ShapeException;
import io.github.backstay.core.Variable;
import io.github.backstay.core.Workspace;
import io.github.backstay.core.kernels.Kernels;
import java.util.Arrays;
import org.ejml.data.DMatrixRMaj;

/**
 * What recurrent cells do with their gates, which one product gives side by side: n×(blocks·h),
 * each block h columns wide. Made for the cells of {@code nn}, which keep their ops; apply them
 * with {@link Variable#apply(Op.Unary)} and its siblings.
 */
public final class Gates {

  private Gates() {}

  /**
   * {@code σ} of all gates but the candidate, which gets {@code tanh} ({@link Activate}).
   *
   * @param gates n×(blocks·h)
   * @param blocks how many blocks
   * @param candidate which of them gets tanh, from 0
   * @return the gates in the same shape
   */
  public static Variable activate(Variable gates, int blocks, int candidate) {
    return gates.apply(new Activate(blocks, candidate));
  }

  /**
   * The new memory of an LSTM cell whose gates are {@code [i, f, g, o]} ({@link Memory}).
   *
   * @param gates activated, n×4h
   * @param memory the old one, n×h
   * @return n×h
   */
  public static Variable memory(Variable gates, Variable memory) {
    return gates.apply(new Memory(4, 0, 2, 1, 1), memory);
  }

  /**
   * The first memory of a cell whose gates are {@code [i, g, o]} ({@link FirstMemory}).
   *
   * @param gates activated, n×3h
   * @return n×h
   */
  public static Variable firstMemory(Variable gates) {
    return gates.apply(new FirstMemory(3, 0, 1));
  }

  /**
   * What a gate lets through ({@link Show}).
   *
   * @param gates activated, n×(blocks·h)
   * @param blocks how many blocks
   * @param gate which of them, from 0
   * @param x n×h
   * @return n×h
   */
  public static Variable show(Variable gates, int blocks, int gate, Variable x) {
    return gates.apply(new Show(blocks, gate), x);
  }

  /**
   * The gates of a GRU cell ({@link GruGates}).
   *
   * @param ofInput what the input gives to reset, update and candidate, n×3h
   * @param ofHidden what the hidden state gives to them, n×3h
   * @return the gates, n×3h
   */
  public static Variable gruGates(Variable ofInput, Variable ofHidden) {
    return ofInput.apply(GruGates.OP, ofHidden);
  }

  /**
   * The new hidden state of a GRU cell ({@link GruState}).
   *
   * @param gates of {@link #gruGates}, n×3h
   * @param hidden the old one, n×h
   * @return n×h
   */
  public static Variable gruState(Variable gates, Variable hidden) {
    return gates.apply(GruState.OP, hidden);
  }

  /**
   * {@code y = σ(x)}, and {@code tanh x} in the block of the candidate. Rule: x̄ = ȳ ⊙ (1 − y) ⊙ (y
   * + t), where t is 1 in that block and 0 elsewhere.
   *
   * @param blocks how many blocks
   * @param candidate which of them gets tanh, from 0
   */
  public record Activate(int blocks, int candidate) implements Op.Unary, Op.InPlace {
    /**
     * Checks the numbers.
     *
     * @param blocks how many blocks
     * @param candidate which of them gets tanh, from 0
     */
    public Activate {
      requireBlock("activate", blocks, "candidate", candidate);
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj x) {
      int hidden = hidden(this, blocks, x);
      DMatrixRMaj y = w.like(x);
      Kernels kernels = w.kernels();
      int before = candidate * hidden;
      int after = before + hidden;
      for (int i = 0; i < x.numRows; i++) {
        int at = i * x.numCols;
        kernels.sigmoid(x.data, at, y.data, at, before);
        kernels.tanh(x.data, at + before, y.data, at + before, hidden);
        kernels.sigmoid(x.data, at + after, y.data, at + after, x.numCols - after);
      }
      return y;
    }

    @Override
    public Variable vjp(Variable x, Variable y, Variable yBar) {
      int hidden = x.cols() / blocks;
      DMatrixRMaj t = new DMatrixRMaj(1, x.cols());
      Arrays.fill(t.data, candidate * hidden, (candidate + 1) * hidden, 1.0);
      return yBar.elementMult(y.oneMinus()).elementMult(y.plus(y.tape().constant(t)));
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator xBar) {
      double[] v = y.data;
      double[] in = yBar.data;
      boolean add = !xBar.isEmpty();
      double[] out = add ? xBar.dense().data : xBar.overwrite().data;
      int hidden = y.numCols / blocks;
      for (int i = 0; i < y.numRows * blocks; i++) {
        int end = (i + 1) * hidden;
        if (i % blocks == candidate) {
          for (int k = i * hidden; k < end; k++) {
            out[k] = (add ? out[k] : 0.0) + in[k] * (1.0 - v[k] * v[k]);
          }
        } else {
          for (int k = i * hidden; k < end; k++) {
            out[k] = (add ? out[k] : 0.0) + in[k] * v[k] * (1.0 - v[k]);
          }
        }
      }
    }
  }

  /**
   * {@code C = Σ G_f ⊙ C_f + G_i ⊙ G_g}, the new memory of a cell of LSTM kind from its activated
   * gates and the memories before it, one for each forget gate, beside one another, [n×(blocks·h)],
   * [n×(forgets·h)] → [n×h]. Without forget gates {@code C = C₀ + G_i ⊙ G_g}, [n×(blocks·h)], [n×h]
   * → [n×h]. Rules: Ḡ_f = C̄ ⊙ C_f, Ḡ_i = C̄ ⊙ G_g, Ḡ_g = C̄ ⊙ G_i, 0 in other blocks; C̄_f = C̄ ⊙
   * G_f, C̄₀ = C̄.
   *
   * @param blocks how many blocks
   * @param in the block of the input gate, i
   * @param candidate the block of the candidate, g
   * @param forget the block of the first forget gate
   * @param forgets how many forget gates there are, one after the other
   */
  public record Memory(int blocks, int in, int candidate, int forget, int forgets)
      implements Op.Binary, Op.InPlace {
    /**
     * Checks the numbers.
     *
     * @param blocks how many blocks
     * @param in the block of the input gate
     * @param candidate the block of the candidate
     * @param forget the block of the first forget gate
     * @param forgets how many forget gates there are
     */
    public Memory {
      requireBlock("memory", blocks, "in", in);
      requireBlock("memory", blocks, "candidate", candidate);
      if (forgets != 0) {
        requireBlock("memory", blocks, "forget", forget);
        requireBlock("memory", blocks, "the last forget gate", forget + forgets - 1);
      }
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj gates, DMatrixRMaj before) {
      int hidden = hidden(this, blocks, gates);
      requireState(this, gates, before, Math.max(forgets, 1) * hidden);
      DMatrixRMaj c;
      if (forgets == 0) {
        c = w.copy(before);
      } else {
        c = w.zeros(gates.numRows, hidden);
        for (int i = 0; i < c.numRows * forgets; i++) {
          int gate = i / forgets * blocks + forget + i % forgets;
          w.kernels()
              .addProduct(
                  gates.data,
                  gate * hidden,
                  before.data,
                  i * hidden,
                  c.data,
                  i / forgets * hidden,
                  hidden);
        }
      }
      addAdmitted(w.kernels(), gates, blocks, in, candidate, c);
      return c;
    }

    @Override
    public Variable vjpLeft(Variable gates, Variable before, Variable c, Variable cBar) {
      Variable bar = admittedBar(gates, blocks, in, candidate, cBar);
      return forgets == 0
          ? bar
          : bar.plus(
              tiled(cBar)
                  .elementMult(before)
                  .placeAt(0, forget * c.cols(), gates.rows(), gates.cols()));
    }

    @Override
    public Variable vjpRight(Variable gates, Variable before, Variable c, Variable cBar) {
      int hidden = c.cols();
      return forgets == 0
          ? cBar
          : tiled(cBar)
              .elementMult(
                  gates.slice(0, gates.rows(), forget * hidden, (forget + forgets) * hidden));
    }

    private Variable tiled(Variable cBar) {
      return forgets == 1 ? cBar : cBar.tile(1, forgets);
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj c,
        DMatrixRMaj cBar,
        Accumulator bar) {
      if (input == 1 && forgets == 0) {
        bar.add(cBar);
        return;
      }
      Kernels kernels = w.kernels();
      DMatrixRMaj out = bar.dense();
      int hidden = c.numCols;
      for (int i = 0; i < c.numRows * forgets; i++) {
        int at = i / forgets * hidden;
        int gate = (i / forgets * blocks + forget + i % forgets) * hidden;
        int memory = i * hidden;
        if (input == 0) {
          kernels.addProduct(cBar.data, at, inputs[1].data, memory, out.data, gate, hidden);
        } else {
          kernels.addProduct(cBar.data, at, inputs[0].data, gate, out.data, memory, hidden);
        }
      }
      if (input == 0) {
        addAdmittedBar(kernels, inputs[0], blocks, in, candidate, cBar, out);
      }
    }
  }

  /**
   * {@code C = G_i ⊙ G_g}, the first memory of a cell from its activated gates, [n×(blocks·h)] →
   * [n×h]. Rules: Ḡ_i = C̄ ⊙ G_g, Ḡ_g = C̄ ⊙ G_i, 0 in other blocks.
   *
   * @param blocks how many blocks
   * @param in the block of the input gate, i
   * @param candidate the block of the candidate, g
   */
  public record FirstMemory(int blocks, int in, int candidate) implements Op.Unary, Op.InPlace {
    /**
     * Checks the numbers.
     *
     * @param blocks how many blocks
     * @param in the block of the input gate
     * @param candidate the block of the candidate
     */
    public FirstMemory {
      requireBlock("firstMemory", blocks, "in", in);
      requireBlock("firstMemory", blocks, "candidate", candidate);
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj gates) {
      DMatrixRMaj c = w.zeros(gates.numRows, hidden(this, blocks, gates));
      addAdmitted(w.kernels(), gates, blocks, in, candidate, c);
      return c;
    }

    @Override
    public Variable vjp(Variable gates, Variable c, Variable cBar) {
      return admittedBar(gates, blocks, in, candidate, cBar);
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj c,
        DMatrixRMaj cBar,
        Accumulator bar) {
      addAdmittedBar(w.kernels(), inputs[0], blocks, in, candidate, cBar, bar.dense());
    }
  }

  // What the input gate lets in of the candidate, G_i ⊙ G_g: forward, derivative, and in place.

  private static void addAdmitted(
      Kernels kernels, DMatrixRMaj gates, int blocks, int in, int candidate, DMatrixRMaj c) {
    int hidden = c.numCols;
    for (int i = 0; i < c.numRows; i++) {
      int ofIn = (i * blocks + in) * hidden;
      int ofCandidate = (i * blocks + candidate) * hidden;
      kernels.addProduct(gates.data, ofIn, gates.data, ofCandidate, c.data, i * hidden, hidden);
    }
  }

  private static Variable admittedBar(
      Variable gates, int blocks, int in, int candidate, Variable cBar) {
    return placed(cBar.elementMult(block(gates, blocks, candidate)), blocks, in)
        .plus(placed(cBar.elementMult(block(gates, blocks, in)), blocks, candidate));
  }

  private static void addAdmittedBar(
      Kernels kernels,
      DMatrixRMaj gates,
      int blocks,
      int in,
      int candidate,
      DMatrixRMaj cBar,
      DMatrixRMaj gatesBar) {
    int hidden = cBar.numCols;
    double[] g = gates.data;
    for (int i = 0; i < cBar.numRows; i++) {
      int at = i * hidden;
      int ofIn = (i * blocks + in) * hidden;
      int ofCandidate = (i * blocks + candidate) * hidden;
      kernels.addProduct(cBar.data, at, g, ofCandidate, gatesBar.data, ofIn, hidden);
      kernels.addProduct(cBar.data, at, g, ofIn, gatesBar.data, ofCandidate, hidden);
    }
  }

  /**
   * {@code Y = G_k ⊙ X}, what an output gate shows, [n×(blocks·h)], [n×h] → [n×h]. Rules: Ḡ_k = Ȳ ⊙
   * X, 0 in other blocks; X̄ = Ȳ ⊙ G_k.
   *
   * @param blocks how many blocks
   * @param gate the block k of the gate
   */
  public record Show(int blocks, int gate) implements Op.Binary, Op.InPlace {
    /**
     * Checks the numbers.
     *
     * @param blocks how many blocks
     * @param gate the block of the gate
     */
    public Show {
      requireBlock("show", blocks, "gate", gate);
    }

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj gates, DMatrixRMaj x) {
      int hidden = hidden(this, blocks, gates);
      requireState(this, gates, x, hidden);
      DMatrixRMaj y = w.copy(x);
      for (int i = 0; i < y.numRows; i++) {
        multiply(gates.data, i * gates.numCols + gate * hidden, y.data, i * hidden, hidden);
      }
      return y;
    }

    @Override
    public Variable vjpLeft(Variable gates, Variable x, Variable y, Variable yBar) {
      return placed(yBar.elementMult(x), blocks, gate);
    }

    @Override
    public Variable vjpRight(Variable gates, Variable x, Variable y, Variable yBar) {
      return yBar.elementMult(block(gates, blocks, gate));
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator bar) {
      Kernels kernels = w.kernels();
      double[] out = bar.dense().data;
      int hidden = y.numCols;
      for (int i = 0; i < y.numRows; i++) {
        int of = (i * blocks + gate) * hidden;
        int at = i * hidden;
        if (input == 0) {
          kernels.addProduct(yBar.data, at, inputs[1].data, at, out, of, hidden);
        } else {
          kernels.addProduct(yBar.data, at, inputs[0].data, of, out, at, hidden);
        }
      }
    }
  }

  /**
   * {@code Y = [r, z, n]}, the gates of a GRU cell (Cho et al. 2014) from what input and hidden
   * state give to them: r = σ(A_r + B_r), z = σ(A_z + B_z), n = tanh(A_n + r ⊙ B_n), the reset gate
   * after the product, as in PyTorch; [n×3h], [n×3h] → [n×3h]. Rules, with n′ = Ȳ_n ⊙ (1 − n²) and
   * r′ = (Ȳ_r + n′ ⊙ B_n) ⊙ r ⊙ (1 − r) and z′ = Ȳ_z ⊙ z ⊙ (1 − z): Ā = [r′, z′, n′], B̄ = [r′, z′,
   * n′ ⊙ r].
   */
  public record GruGates() implements Op.Binary, Op.InPlace {
    /** The one instance that is needed. */
    public static final GruGates OP = new GruGates();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj a, DMatrixRMaj b) {
      int hidden = hidden(this, 3, a);
      if (b.numRows != a.numRows || b.numCols != a.numCols) {
        throw new ShapeException(
            "gruGates: the input gives "
                + Shape.of(a)
                + ", the hidden state "
                + Shape.of(b)
                + " (both must have the same shape).");
      }
      DMatrixRMaj y = w.copy(b);
      Kernels kernels = w.kernels();
      double[] v = y.data;
      for (int i = 0; i < a.numRows; i++) {
        int at = i * a.numCols;
        int ofNew = at + 2 * hidden;
        for (int k = at; k < ofNew; k++) {
          v[k] += a.data[k];
        }
        kernels.sigmoid(v, at, v, at, 2 * hidden);
        multiply(v, at, v, ofNew, hidden);
        for (int k = ofNew; k < ofNew + hidden; k++) {
          v[k] += a.data[k];
        }
        kernels.tanh(v, ofNew, v, ofNew, hidden);
      }
      return y;
    }

    @Override
    public Variable vjpLeft(Variable a, Variable b, Variable y, Variable yBar) {
      Variable ofNew = ofNew(y, yBar);
      return ofResetAndUpdate(b, y, yBar, ofNew).concatCols(ofNew);
    }

    @Override
    public Variable vjpRight(Variable a, Variable b, Variable y, Variable yBar) {
      Variable ofNew = ofNew(y, yBar);
      return ofResetAndUpdate(b, y, yBar, ofNew).concatCols(ofNew.elementMult(block(y, 3, 0)));
    }

    private static Variable ofNew(Variable y, Variable yBar) {
      return block(yBar, 3, 2).elementMult(block(y, 3, 2).square().oneMinus());
    }

    private static Variable ofResetAndUpdate(Variable b, Variable y, Variable yBar, Variable n) {
      Variable gates = y.slice(0, y.rows(), 0, y.cols() / 3 * 2);
      return block(yBar, 3, 0)
          .plus(n.elementMult(block(b, 3, 2)))
          .concatCols(block(yBar, 3, 1))
          .elementMult(gates)
          .elementMult(gates.oneMinus());
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator bar) {
      double[] b = inputs[1].data;
      double[] v = y.data;
      double[] in = yBar.data;
      double[] out = bar.dense().data;
      int hidden = y.numCols / 3;
      for (int i = 0; i < y.numRows; i++) {
        int r = i * y.numCols;
        int z = r + hidden;
        int n = z + hidden;
        for (int k = 0; k < hidden; k++) {
          double ofNew = in[n + k] * (1.0 - v[n + k] * v[n + k]);
          double ofReset = in[r + k] + ofNew * b[n + k];
          out[r + k] += ofReset * v[r + k] * (1.0 - v[r + k]);
          out[z + k] += in[z + k] * v[z + k] * (1.0 - v[z + k]);
          out[n + k] += input == 0 ? ofNew : ofNew * v[r + k];
        }
      }
    }
  }

  /**
   * {@code Y = n + z ⊙ (H − n)}, the new hidden state of a GRU cell from its gates {@code [r, z,
   * n]} and the old one, [n×3h], [n×h] → [n×h]. Rules: z̄ = Ȳ ⊙ (H − n), n̄ = Ȳ ⊙ (1 − z), r̄ = 0;
   * H̄ = Ȳ ⊙ z.
   */
  public record GruState() implements Op.Binary, Op.InPlace {
    /** The one instance that is needed. */
    public static final GruState OP = new GruState();

    @Override
    public DMatrixRMaj forward(Workspace w, DMatrixRMaj gates, DMatrixRMaj h) {
      int hidden = hidden(this, 3, gates);
      requireState(this, gates, h, hidden);
      DMatrixRMaj y = w.like(h);
      double[] g = gates.data;
      for (int i = 0; i < y.numRows; i++) {
        int z = (3 * i + 1) * hidden;
        int n = z + hidden;
        int at = i * hidden;
        for (int k = 0; k < hidden; k++) {
          y.data[at + k] = g[n + k] + g[z + k] * (h.data[at + k] - g[n + k]);
        }
      }
      return y;
    }

    @Override
    public Variable vjpLeft(Variable gates, Variable h, Variable y, Variable yBar) {
      Variable ofUpdate = yBar.elementMult(h.minus(block(gates, 3, 2)));
      Variable ofNew = yBar.elementMult(block(gates, 3, 1).oneMinus());
      return placed(ofUpdate, 3, 1).plus(placed(ofNew, 3, 2));
    }

    @Override
    public Variable vjpRight(Variable gates, Variable h, Variable y, Variable yBar) {
      return yBar.elementMult(block(gates, 3, 1));
    }

    @Override
    public void accumulate(
        int input,
        Workspace w,
        DMatrixRMaj[] inputs,
        DMatrixRMaj y,
        DMatrixRMaj yBar,
        Accumulator bar) {
      Kernels kernels = w.kernels();
      double[] g = inputs[0].data;
      double[] h = inputs[1].data;
      double[] in = yBar.data;
      double[] out = bar.dense().data;
      int hidden = y.numCols;
      for (int i = 0; i < y.numRows; i++) {
        int z = (3 * i + 1) * hidden;
        int n = z + hidden;
        int at = i * hidden;
        if (input == 1) {
          kernels.addProduct(in, at, g, z, out, at, hidden);
        } else {
          for (int k = 0; k < hidden; k++) {
            out[z + k] += in[at + k] * (h[at + k] - g[n + k]);
            out[n + k] += in[at + k] * (1.0 - g[z + k]);
          }
        }
      }
    }
  }

  // ---- blocks -------------------------------------------------------------------------------

  private static Variable block(Variable gates, int blocks, int which) {
    int hidden = gates.cols() / blocks;
    return gates.slice(0, gates.rows(), which * hidden, (which + 1) * hidden);
  }

  /** The entries in one block, zeros in the others. */
  private static Variable placed(Variable entries, int blocks, int which) {
    int hidden = entries.cols();
    return entries.placeAt(0, which * hidden, entries.rows(), blocks * hidden);
  }

  private static void multiply(double[] x, int from, double[] y, int to, int count) {
    for (int k = 0; k < count; k++) {
      y[to + k] *= x[from + k];
    }
  }

  private static int hidden(Op op, int blocks, DMatrixRMaj gates) {
    if (gates.numCols % blocks != 0) {
      throw new ShapeException(
          op.name()
              + ": the gates are "
              + Shape.of(gates)
              + " (need "
              + blocks
              + " blocks of equally many columns).");
    }
    return gates.numCols / blocks;
  }

  private static void requireState(Op op, DMatrixRMaj gates, DMatrixRMaj state, int hidden) {
    if (state.numRows != gates.numRows || state.numCols != hidden) {
      throw new ShapeException(
          op.name()
              + ": the gates are "
              + Shape.of(gates)
              + ", the state is "
              + Shape.of(state)
              + " (need a state of "
              + gates.numRows
              + "×"
              + hidden
              + ").");
    }
  }

  private static void requireBlock(String op, int blocks, String name, int block) {
    if (blocks < 1 || block < 0 || block >= blocks) {
      throw new IllegalArgumentException(
          op + ": " + name + " must be one of " + blocks + " blocks, from 0, got " + block + ".");
    }
  }
}
