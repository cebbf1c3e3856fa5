package io.github.backstay.benchmarks.start;

import java.io.IOException;

/** A program that has its gradient, and then waits for what nobody says. */
final class Unending {

  private Unending() {}

  public static void main(String[] args) throws IOException {
    FirstGradient.main(args);
    System.exit(System.in.read());
  }
}
