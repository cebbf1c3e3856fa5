package io.github.backstay.benchmarks.conformance;

import io.github.backstay.benchmarks.conformance.Case.Input;
import io.github.backstay.core.Axis;
import io.github.backstay.core.Derivatives;
import io.github.backstay.core.Shape;
import io.github.backstay.core.Tape;
import io.github.backstay.core.Variable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ejml.data.DMatrixRMaj;

/** Gradients of gradients of a program, by kind. */
final class SecondOrderRunner implements Runner {

  /** All steps are on one tape. */
  private static final int MOST_STEPS = 1000;

  private final Vocabulary vocabulary;

  SecondOrderRunner(Vocabulary vocabulary) {
    this.vocabulary = vocabulary;
  }

  @Override
  public void run(Case reference, Comparison check) {
    Map<String, Input> inputs = reference.inputs("inputs");
    Program program = Program.of(vocabulary, reference.fields(), inputs.keySet());
    Fields attrs = reference.attrs();
    try (Tape tape = Tape.create()) {
      Leaves leaves = Leaves.on(tape, inputs);
      Fields fields = reference.fields();
      switch (reference.kind()) {
        case "hessian" -> hessian(program, leaves, attrs, fields, check);
        case "grad_penalty" -> gradientPenalty(program, leaves, attrs, fields, check);
        case "jacobian" -> jacobian(program, leaves, fields, check);
        case "nth_derivative" -> derivatives(program, leaves, attrs, fields, check);
        case "unrolled_sgd" -> unrolled(program, leaves, attrs, fields, check);
        default -> throw CaseException.unknown("kind", reference.kind());
      }
    }
    attrs.requireAllRead("this kind");
  }

  private static void hessian(
      Program program, Leaves leaves, Fields attrs, Fields fields, Comparison check) {
    Variable result = requireScalar(program.result(leaves.tape(), leaves.all()));
    check.matrix("output", "", fields.matrix("output"), result.toMatrix());
    leaves.compareGradients(check, "grads", result, ones(result), fields.object("grads"));
    List<Variable> variables = attrs.texts("variables").stream().map(leaves::free).toList();

    Fields vectors = fields.object("hvp").object("vector");
    Fields products = fields.object("hvp").object("product");
    products.requireNames(vectors.names());
    List<Variable> wrt = new ArrayList<>();
    List<DMatrixRMaj> vector = new ArrayList<>();
    for (String name : vectors.names()) {
      wrt.add(leaves.free(name));
      vector.add(vectors.matrix(name));
    }
    List<DMatrixRMaj> product = Derivatives.hessianVectorProduct(result, wrt, vector);
    for (String name : products.names()) {
      DMatrixRMaj actual = product.get(vectors.names().indexOf(name));
      if (products.has(name)) {
        check.matrix("hvp.product", name, products.matrix(name), actual);
      } else {
        check.unreached("hvp.product", name, actual);
      }
    }
    if (fields.has("hessian")) {
      DMatrixRMaj expected = fields.matrix("hessian");
      check.matrix("hessian", "", expected, hessian(result, variables));
      int from = 0;
      for (Variable variable : variables) { // the blocks of single variables, by the other road
        int to = from + variable.shape().size();
        if (to <= expected.numRows && to <= expected.numCols) {
          check.matrix(
              "hessian",
              "block " + from + ".." + to,
              block(expected, from, to),
              Derivatives.hessian(result, variable));
        }
        from = to;
      }
    }
  }

  /** Of several variables together, column by column. */
  private static DMatrixRMaj hessian(Variable result, List<Variable> variables) {
    List<DMatrixRMaj> unit = new ArrayList<>();
    int n = 0;
    for (Variable variable : variables) {
      unit.add(new DMatrixRMaj(variable.rows(), variable.cols()));
      n += variable.shape().size();
    }
    DMatrixRMaj hessian = new DMatrixRMaj(n, n);
    int col = 0;
    for (DMatrixRMaj part : unit) {
      for (int i = 0; i < part.getNumElements(); i++) {
        part.data[i] = 1.0;
        int row = 0;
        for (DMatrixRMaj rows : Derivatives.hessianVectorProduct(result, variables, unit)) {
          for (int k = 0; k < rows.getNumElements(); k++) {
            hessian.set(row++, col, rows.data[k]);
          }
        }
        part.data[i] = 0.0;
        col++;
      }
    }
    return hessian;
  }

  private static DMatrixRMaj block(DMatrixRMaj matrix, int from, int to) {
    DMatrixRMaj block = new DMatrixRMaj(to - from, to - from);
    for (int i = from; i < to; i++) {
      for (int j = from; j < to; j++) {
        block.set(i - from, j - from, matrix.get(i, j));
      }
    }
    return block;
  }

  private static void gradientPenalty(
      Program program, Leaves leaves, Fields attrs, Fields fields, Comparison check) {
    Tape tape = leaves.tape();
    Variable result = program.result(tape, leaves.all());
    check.matrix("output", "", fields.matrix("output"), result.toMatrix());
    Variable inner =
        tape.recordedGradients(
                result, tape.constant(ones(result)), List.of(leaves.free(attrs.text("wrt"))))
            .get(0);
    check.matrix("innerGrad", "", fields.matrix("innerGrad"), inner.toMatrix());
    String form = attrs.text("form");
    Variable penalty =
        switch (form) {
          case "sum_squares" -> inner.square().sum();
          case "norm" -> inner.square().sum().sqrt();
          case "row_norm_minus_one" ->
              inner.square().sum(Axis.ROWS).sqrt().minus(1.0).square().mean();
          default -> throw CaseException.unknown("form", form);
        };
    Variable total = result.mean().plus(penalty.scale(attrs.number("coefficient")));
    check.number("penalty", fields.number("penalty"), penalty.toDouble());
    check.number("total", fields.number("total"), total.toDouble());
    DMatrixRMaj one = ones(penalty);
    leaves.compareGradients(check, "penaltyGrads", penalty, one, fields.object("penaltyGrads"));
    leaves.compareGradients(check, "totalGrads", total, one, fields.object("totalGrads"));
  }

  private static void jacobian(Program program, Leaves leaves, Fields fields, Comparison check) {
    Variable result = program.result(leaves.tape(), leaves.all());
    check.matrix("output", "", fields.matrix("output"), result.toMatrix());
    Fields jacobians = fields.object("jacobians");
    jacobians.requireNames(leaves.free().keySet());
    for (String name : jacobians.names()) {
      DMatrixRMaj actual = Derivatives.jacobian(result, leaves.free(name));
      if (jacobians.has(name)) {
        check.matrix("jacobians", name, jacobians.matrix(name), actual);
      } else {
        check.unreached("jacobians", name, actual);
      }
    }
    Fields vectors = fields.object("jvp").object("vector");
    DMatrixRMaj product = new DMatrixRMaj(result.rows(), result.cols());
    for (String name : vectors.names()) {
      DMatrixRMaj summand =
          Derivatives.jacobianVectorProduct(result, leaves.free(name), vectors.matrix(name));
      for (int i = 0; i < product.getNumElements(); i++) {
        product.data[i] += summand.data[i];
      }
    }
    check.matrix("jvp.product", "", fields.object("jvp").matrix("product"), product);
  }

  private static void derivatives(
      Program program, Leaves leaves, Fields attrs, Fields fields, Comparison check) {
    Tape tape = leaves.tape();
    if (leaves.free().size() != 1) {
      throw CaseException.at(
          "inputs", "has " + leaves.free().size() + " with a gradient (need exactly one).");
    }
    Variable x = leaves.free().values().iterator().next();
    List<DMatrixRMaj> expected = fields.matrices("derivatives");
    int order = attrs.integer("order");
    if (expected.size() != order + 1) {
      throw CaseException.at(
          "derivatives", "has " + expected.size() + " matrices (need orders 0 to " + order + ").");
    }
    Variable derivative = program.result(tape, leaves.all());
    check.matrix("derivatives", "0", expected.get(0), derivative.toMatrix());
    for (int k = 1; k <= order; k++) {
      derivative =
          derivative.isTracked()
              ? tape.recordedGradients(derivative, tape.constant(ones(derivative)), List.of(x))
                  .get(0)
              : tape.zeros(x.rows(), x.cols());
      check.matrix("derivatives", String.valueOf(k), expected.get(k), derivative.toMatrix());
    }
  }

  private static void unrolled(
      Program program, Leaves leaves, Fields attrs, Fields fields, Comparison check) {
    Tape tape = leaves.tape();
    Variable rate = tape.variable(attrs.number("lr"));
    List<String> names = attrs.texts("variables");
    Map<String, Variable> point = new LinkedHashMap<>(leaves.all());
    int steps = attrs.count("steps", MOST_STEPS);
    for (int step = 0; step < steps; step++) {
      List<Variable> at = names.stream().map(name -> point.getOrDefault(name, rate)).toList();
      Variable value = requireScalar(program.result(tape, point));
      List<Variable> gradients = tape.recordedGradients(value, at);
      for (int i = 0; i < at.size(); i++) {
        point.put(names.get(i), at.get(i).minus(gradients.get(i).elementMult(rate)));
      }
    }
    Variable outer = requireScalar(program.result(tape, point));
    check.number("outer", fields.number("outer"), outer.toDouble());
    Fields last = fields.object("finalPoint");
    for (String name : names) {
      check.matrix(
          "finalPoint", name, last.matrix(name), point.getOrDefault(name, rate).toMatrix());
    }
    Map<String, Variable> free = new LinkedHashMap<>();
    names.forEach(name -> free.put(name, leaves.free(name)));
    free.put("lr", rate);
    new Leaves(tape, leaves.all(), free)
        .compareGradients(check, "outerGrads", outer, ones(outer), fields.object("outerGrads"));
  }

  private static Variable requireScalar(Variable result) {
    if (result.shape().size() != 1) {
      throw CaseException.at("result", "is " + result.shape() + " (need 1×1).");
    }
    return result;
  }

  private static DMatrixRMaj ones(Variable like) {
    Shape shape = like.shape();
    double[] data = new double[shape.size()];
    Arrays.fill(data, 1.0);
    return DMatrixRMaj.wrap(shape.rows(), shape.cols(), data);
  }
}
