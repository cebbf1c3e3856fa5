package io.github.backstay.regularizers;

/**
 * What happened to one row: a line of a {@link DriftReport}.
 *
 * @param row its number
 * @param token what it stands for
 * @param distance {@code ‖d‖ = ‖W_r − A_r‖}, how far it is from its start
 * @param touches in how many steps its gradient was not 0
 * @param gradient {@code Σ‖g_r‖} over these steps, as if all had pushed one way
 * @param netGradient {@code ‖Σg_r‖} over these steps, what is left where they push to and fro
 * @param cosine of the angle between {@code W_r} and {@code A_r}; NaN if one of them is 0
 */
public record RowDrift(
    int row,
    String token,
    double distance,
    int touches,
    double gradient,
    double netGradient,
    double cosine) {

  RowDrift named(String newToken) {
    return new RowDrift(row, newToken, distance, touches, gradient, netGradient, cosine);
  }
}
