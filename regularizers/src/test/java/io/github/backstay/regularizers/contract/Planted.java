package io.github.backstay.regularizers.contract;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Marks a test class with a mistake on purpose, which is meant to fail: only {@link ContractRun}
 * runs it, not whatever else looks for test classes.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(Planted.OnPurpose.class)
public @interface Planted {

  /** Enables a class that a {@link ContractRun} has asked for. */
  final class OnPurpose implements ExecutionCondition {

    /** What a {@link ContractRun} tells the classes that it runs. */
    static final String KEY = "io.github.backstay.contractRun";

    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
      return context.getConfigurationParameter(KEY).isPresent()
          ? ConditionEvaluationResult.enabled("asked for")
          : ConditionEvaluationResult.disabled("fails on purpose");
    }
  }
}
