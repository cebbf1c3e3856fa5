package io.github.backstay.benchmarks.tasks;

/**
 * Which encoder, and how large.
 *
 * @param kind which one
 * @param width columns of what it gives, of a cell's state or of a layer; without meaning for
 *     {@link Kind#WORD} and {@link Kind#IRNN}, which are as wide as the word vectors
 * @param layers layers of {@link Kind#DAN}, or of a recurrent network
 * @param wordDropout the probability with which a word of a text is left out in training (Iyyer et
 *     al. 2015); 0 for trees
 */
public record Network(Kind kind, int width, int layers, double wordDropout) {

  /** The encoders of Wieting et al. (ICLR 2016) and the trees of Tai et al. (2015). */
  public enum Kind {
    /** The mean of the word vectors. */
    WORD("word"),
    /** The mean and a linear layer. */
    PROJECTION("projection"),
    /** The mean and layers with tanh (Iyyer et al. 2015). */
    DAN("dan"),
    /** The last state of an Elman network with tanh. */
    RNN("rnn"),
    /** The same without tanh, from the identity on and held there, divided by the length. */
    IRNN("irnn"),
    /** The last output of an LSTM with peepholes. */
    LSTM("lstm"),
    /** The last memory of an LSTM with peepholes and without output gate. */
    LSTM_NO_OUTPUT("lstm-no-output"),
    /** The last state of a GRU. */
    GRU("gru"),
    /** A binary Tree-LSTM over the parse. */
    TREE("tree"),
    /** A Child-Sum Tree-LSTM over the parse. */
    CHILDSUM("childsum");

    private final String spelling;

    Kind(String spelling) {
      this.spelling = spelling;
    }

    /**
     * Whether it needs parsed sentences.
     *
     * @return true for the two Tree-LSTMs
     */
    public boolean readsTrees() {
      return this == TREE || this == CHILDSUM;
    }

    /**
     * How many examples are computed at once unless said otherwise: half a batch of 25, so that two
     * threads have something to do, or all where that takes little time.
     *
     * @return at least 1
     */
    public int usualPiece() {
      return this == WORD || this == PROJECTION || this == DAN ? Integer.MAX_VALUE : 13;
    }

    @Override
    public String toString() {
      return spelling;
    }
  }

  /** Checks the sizes. */
  public Network {
    if (width < 1 || layers < 1) {
      throw new IllegalArgumentException(
          "network: width and layers must be at least 1, got " + width + " and " + layers + ".");
    }
    if (!(wordDropout >= 0.0 && wordDropout < 1.0)) {
      throw new IllegalArgumentException(
          "network: wordDropout must be in [0, 1), got " + wordDropout + ".");
    }
  }

  /**
   * The plain average.
   *
   * @return the network without parameters of its own
   */
  public static Network words() {
    return new Network(Kind.WORD, 1, 1, 0.0);
  }
}
