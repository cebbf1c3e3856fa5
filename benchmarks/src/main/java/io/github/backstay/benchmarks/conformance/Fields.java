package io.github.backstay.benchmarks.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.ejml.data.DMatrixRMaj;
import org.jspecify.annotations.Nullable;

/**
 * The members of one JSON object, read by name and type. What is missing or of another type is
 * refused with its place. Remembers what was read, so that members nobody asked for can be refused
 * as well: a parameter that is ignored would make a wrong replay in silence. For one thread.
 */
final class Fields {

  private static final Map<String, Double> NON_FINITE =
      Map.of(
          "NaN", Double.NaN,
          "Infinity", Double.POSITIVE_INFINITY,
          "-Infinity", Double.NEGATIVE_INFINITY);

  private final ObjectNode node;
  private final String place;
  private final Set<String> read = new HashSet<>();

  private Fields(ObjectNode node, String place) {
    this.node = node;
    this.place = place;
  }

  /**
   * The members of a value that must be an object.
   *
   * @param node any JSON value
   * @param place where it stands, for messages; empty for a whole case
   */
  static Fields of(JsonNode node, String place) {
    if (node instanceof ObjectNode object) {
      return new Fields(object, place);
    }
    throw CaseException.at(place, "is " + kind(node) + " (need an object).");
  }

  /** Where this object stands. */
  String place() {
    return place;
  }

  /** Where a member of this object stands. */
  String place(String name) {
    return place.isEmpty() ? name : place + "." + name;
  }

  /** The same members, and those of another object over them. */
  Fields with(Fields overrides) {
    ObjectNode merged = node.deepCopy();
    merged.setAll(overrides.node);
    return new Fields(merged, place);
  }

  /** The same members with a number in place of one of them, or beside them. */
  Fields withNumber(String name, double value) {
    ObjectNode changed = node.deepCopy();
    changed.put(name, value);
    return new Fields(changed, place);
  }

  /** The names of all members, in order. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Whether there is such a member, and it is not null. */
  boolean has(String name) {
    read.add(name);
    return node.hasNonNull(name);
  }

  /**
   * Refuses members that nobody has asked for. Sentences for the reader are always welcome.
   *
   * @param reader what does not know them, for the message
   * @param others members that somebody else asks for
   */
  void requireAllRead(String reader, String... others) {
    Set<String> left = new TreeSet<>(names());
    left.removeAll(read);
    left.removeAll(List.of(others));
    left.remove("convention");
    if (!left.isEmpty()) {
      throw CaseException.at(
          place, "\"" + String.join("\", \"", left) + "\" is no parameter of " + reader + ".");
    }
  }

  // ---- members by type ----------------------------------------------------------------------

  String text(String name) {
    JsonNode value = member(name);
    if (!value.isTextual()) {
      throw CaseException.at(place(name), "is " + kind(value) + " (need a text).");
    }
    return value.textValue();
  }

  String text(String name, String otherwise) {
    return has(name) ? text(name) : otherwise;
  }

  double number(String name) {
    return number(member(name), place(name));
  }

  double number(String name, double otherwise) {
    return has(name) ? number(name) : otherwise;
  }

  int integer(String name) {
    return integer(member(name), place(name));
  }

  int integer(String name, int otherwise) {
    return has(name) ? integer(name) : otherwise;
  }

  /** How often something is done, at most as often as still makes sense. */
  int count(String name, int most) {
    int count = integer(name);
    if (count < 0 || count > most) {
      throw CaseException.at(place(name), "is " + count + " (need 0 to " + most + ").");
    }
    return count;
  }

  /** Refuses an object whose members are not exactly these. */
  void requireNames(Collection<String> needed) {
    if (!Set.copyOf(names()).equals(Set.copyOf(needed))) {
      throw CaseException.at(place, "holds " + names() + " (need exactly " + needed + ").");
    }
  }

  boolean flag(String name, boolean otherwise) {
    if (!has(name)) {
      return otherwise;
    }
    JsonNode value = member(name);
    if (!value.isBoolean()) {
      throw CaseException.at(place(name), "is " + kind(value) + " (need true or false).");
    }
    return value.booleanValue();
  }

  Fields object(String name) {
    return of(member(name), place(name));
  }

  /** The objects of a list. */
  List<Fields> objects(String name) {
    List<Fields> objects = new ArrayList<>();
    List<JsonNode> items = items(name);
    for (int i = 0; i < items.size(); i++) {
      objects.add(of(items.get(i), place(name) + "[" + i + "]"));
    }
    return objects;
  }

  /** The texts of a list; null where there is null. */
  List<@Nullable String> textsOrNulls(String name) {
    List<@Nullable String> texts = new ArrayList<>();
    for (JsonNode item : items(name)) {
      if (!item.isTextual() && !item.isNull()) {
        throw CaseException.at(
            place(name) + "[" + texts.size() + "]", "is " + kind(item) + " (need a text).");
      }
      texts.add(item.isNull() ? null : item.textValue());
    }
    return texts;
  }

  List<String> texts(String name) {
    List<String> texts = new ArrayList<>();
    for (String text : textsOrNulls(name)) {
      if (text == null) {
        throw CaseException.at(place(name) + "[" + texts.size() + "]", "is null (need a text).");
      }
      texts.add(text);
    }
    return texts;
  }

  int[] integers(String name) {
    return integers(member(name), place(name));
  }

  double[] numbers(String name) {
    return numbers(member(name), place(name));
  }

  /** The lists of numbers in a list. */
  List<double[]> numberLists(String name) {
    List<double[]> lists = new ArrayList<>();
    for (double @Nullable [] list : numberListsOrNulls(name)) {
      if (list == null) {
        throw CaseException.at(
            place(name) + "[" + lists.size() + "]", "is null (need a list of numbers).");
      }
      lists.add(list);
    }
    return lists;
  }

  /** The lists of numbers in a list; null where there is null. */
  List<double @Nullable []> numberListsOrNulls(String name) {
    List<double @Nullable []> lists = new ArrayList<>();
    for (JsonNode item : items(name)) {
      lists.add(item.isNull() ? null : numbers(item, place(name) + "[" + lists.size() + "]"));
    }
    return lists;
  }

  /** The lists of whole numbers in a list. */
  List<int[]> integerLists(String name) {
    List<int[]> lists = new ArrayList<>();
    for (JsonNode item : items(name)) {
      lists.add(integers(item, place(name) + "[" + lists.size() + "]"));
    }
    return lists;
  }

  DMatrixRMaj matrix(String name) {
    return object(name).asMatrix();
  }

  /** The matrices of a list. */
  List<DMatrixRMaj> matrices(String name) {
    return objects(name).stream().map(Fields::asMatrix).toList();
  }

  /** This object as a matrix: {@code rows}, {@code cols} and {@code data}, row by row. */
  DMatrixRMaj asMatrix() {
    int rows = integer("rows");
    int cols = integer("cols");
    double[] data = numbers("data");
    if (rows < 0 || cols < 0 || (long) rows * cols != data.length) {
      throw CaseException.at(
          place, "says it is " + rows + "×" + cols + " but holds " + data.length + " numbers.");
    }
    DMatrixRMaj matrix = new DMatrixRMaj(rows, cols);
    System.arraycopy(data, 0, matrix.data, 0, data.length);
    return matrix;
  }

  // ---- values -------------------------------------------------------------------------------

  private JsonNode member(String name) {
    read.add(name);
    JsonNode value = node.get(name);
    if (value == null || value.isNull()) {
      throw CaseException.at(
          place, "\"" + name + "\" is " + (value == null ? "missing" : "null") + ".");
    }
    return value;
  }

  private List<JsonNode> items(String name) {
    return items(member(name), place(name));
  }

  private static List<JsonNode> items(JsonNode list, String place) {
    if (!list.isArray()) {
      throw CaseException.at(place, "is " + kind(list) + " (need a list).");
    }
    List<JsonNode> items = new ArrayList<>(list.size());
    list.forEach(items::add);
    return items;
  }

  private static double[] numbers(JsonNode list, String place) {
    List<JsonNode> items = items(list, place);
    double[] numbers = new double[items.size()];
    for (int i = 0; i < numbers.length; i++) {
      JsonNode item = items.get(i);
      numbers[i] = item.isNumber() ? finite(item, place) : number(item, place + "[" + i + "]");
    }
    return numbers;
  }

  private static int[] integers(JsonNode list, String place) {
    List<JsonNode> items = items(list, place);
    int[] integers = new int[items.size()];
    for (int i = 0; i < integers.length; i++) {
      integers[i] = integer(items.get(i), place + "[" + i + "]");
    }
    return integers;
  }

  private static double number(JsonNode value, String place) {
    if (value.isNumber()) {
      return finite(value, place);
    }
    Double special = value.isTextual() ? NON_FINITE.get(value.textValue()) : null;
    if (special != null) {
      return special;
    }
    throw CaseException.at(
        place, "is " + kind(value) + " (need a number, \"NaN\", \"Infinity\" or \"-Infinity\").");
  }

  private static double finite(JsonNode value, String place) {
    double number = value.doubleValue();
    if (!Double.isFinite(number)) {
      throw CaseException.at(place, "is beyond the range of a double.");
    }
    return number;
  }

  private static int integer(JsonNode value, String place) {
    double number = value.isNumber() ? value.doubleValue() : Double.NaN;
    if (number != (int) number) {
      throw CaseException.at(place, "is " + kind(value) + " (need a whole number).");
    }
    return (int) number;
  }

  /** What kind of value this is, in words; short values are shown. */
  private static String kind(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "an object";
      case ARRAY -> "a list";
      case STRING, NUMBER, BOOLEAN, NULL, MISSING, POJO, BINARY -> {
        String text = value.toString();
        yield text.length() <= 40 ? text : text.substring(0, 40) + "…";
      }
    };
  }
}
