internal import Foundation
internal import GRDB

/// Sees to it that the database takes two keys of a table for one exactly where the program does.
///
/// Where it does not, an insert changes another row, a deletion takes two, and a row that nothing
/// in the program equals is never deleted.
struct TableKeys: Sendable {
  private let layout: TableLayout
  /// What the database turns the values of a column of the key into.
  private let affinities: [Affinity]

  /// Reads the rules of the key's columns.
  ///
  /// - Throws: `KeyError` where the unique index on the key compares other than byte by byte.
  init(of layout: TableLayout, _ db: Database) throws {
    self.layout = layout
    let columns = layout.columns.prefix(layout.keyCount)
    let types = try Row.fetchAll(
      db, sql: "SELECT name, type FROM pragma_table_xinfo(?)", arguments: [layout.name])
    affinities = columns.map { column in
      let type: String? = types.first { Self.isSame($0["name"], column) }?["type"]
      return Affinity(type: type ?? "")
    }
    let indexes = try String.fetchAll(
      db, sql: #"SELECT name FROM pragma_index_list(?) WHERE "unique" AND NOT partial"#,
      arguments: [layout.name])
    for index in indexes {
      let parts = try Row.fetchAll(
        db, sql: "SELECT name, coll FROM pragma_index_xinfo(?) WHERE key", arguments: [index])
      let isOnKey =
        parts.count == columns.count
        && columns.allSatisfy { column in parts.contains { Self.isSame($0["name"], column) } }
      guard isOnKey else { continue }
      for part in parts {
        let collation: String = part["coll"] ?? "BINARY"
        if collation.uppercased() == "BINARY" { continue }
        throw KeyError(
          rule: "has the key column \(layout.name).\(part["name"] ?? "") with the collation "
            + "\(collation), which takes different keys for one",
          remedy: "make its unique index with COLLATE BINARY")
      }
    }
  }

  /// Sees to it that a key is stored as it is, and found again by it.
  func check(_ key: some Collection<TableValue?>) throws(KeyError) {
    for (position, (value, affinity)) in zip(key, affinities).enumerated() {
      let stored = value?.databaseValue.storage ?? .null
      guard let fault = affinity.fault(of: stored) else { continue }
      throw KeyError(
        rule: "cannot keep a key of \(layout.name) as it is: \(layout.columns[position]) \(fault)",
        remedy: "give it keys that the column keeps")
    }
  }

  /// Sees to it that no row has the key of an update in another Unicode normal form.
  ///
  /// `String` takes é in one scalar and é in two for one key, SQLite for two. Those that the table
  /// has in the form given are fine, whatever else there is.
  func checkForm(ofUpdated key: [TableValue?], _ db: Database) throws {
    let given = key.map { $0?.databaseValue ?? .null }
    let others = Self.otherForms(of: given)
    if others.isEmpty { return }
    let columns = layout.columns.prefix(layout.keyCount)
      .map { "\($0.quotedDatabaseIdentifier) = ?" }
    let sql =
      "SELECT 1 FROM \(layout.name.quotedDatabaseIdentifier) "
      + "WHERE \(columns.joined(separator: " AND "))"
    let find = try db.cachedStatement(sql: sql)
    if try Int.fetchOne(find, arguments: StatementArguments(given)) != nil { return }
    for form in others
    where try Int.fetchOne(find, arguments: StatementArguments(form)) != nil {
      throw KeyError(
        rule: "has a row of \(layout.name) whose key is that of an update but for its Unicode "
          + "normal form (\(form.map { "\($0)" }.joined(separator: ", ")))",
        remedy: "compare keys as BinaryText, or bring both sides into one form")
    }
  }

  /// The key with its texts composed, and decomposed, as far as that is another; none for ASCII.
  private static func otherForms(of key: [DatabaseValue]) -> [[DatabaseValue]] {
    let isPlain = key.allSatisfy { value in
      guard case .string(let text) = value.storage else { return true }
      return text.utf8.allSatisfy { $0 < 0x80 }
    }
    if isPlain { return [] }
    let forms = [
      \String.precomposedStringWithCanonicalMapping, \.decomposedStringWithCanonicalMapping,
    ]
    return forms.compactMap { form in
      var isOther = false
      let mapped = key.map { value -> DatabaseValue in
        guard case .string(let text) = value.storage else { return value }
        let other = text[keyPath: form]
        if !other.utf8.elementsEqual(text.utf8) { isOther = true }
        return other.databaseValue
      }
      return isOther ? mapped : nil
    }
  }

  private static func isSame(_ one: String?, _ another: String) -> Bool {
    one?.lowercased() == another.lowercased()
  }
}

/// What is wrong with a key, or the columns of keys, as the rest of a sentence about the database.
struct KeyError: Error {
  var rule: String
  var remedy: String
}

/// What a column turns values into, by its declared type (https://sqlite.org/datatype3.html).
private enum Affinity {
  case integer, text, blob, real, numeric

  init(type: String) {
    let type = type.uppercased()
    let has = { (parts: [String]) in parts.contains { type.contains($0) } }
    self =
      has(["INT"])
      ? .integer
      : has(["CHAR", "CLOB", "TEXT"])
        ? .text
        // ANY of a strict table keeps what it is given.
        : type.isEmpty || type == "ANY" || has(["BLOB"])
          ? .blob
          : has(["REAL", "FLOA", "DOUB"]) ? .real : .numeric
  }

  /// Why a value would not be kept as it is; nil where it is.
  func fault(of value: DatabaseValue.Storage) -> String? {
    switch value {
    case .null: return "is NULL, which equals no other"
    case .string(let text):
      if text.utf8.contains(0) { return "has a text with a NUL in it, which ends there" }
      if self == .text || self == .blob { return nil }
      let isNumber = Double(text.trimmingCharacters(in: .whitespacesAndNewlines)) != nil
      return isNumber ? "takes the text \(text) for a number" : nil
    case .double: return self == .text ? "writes numbers with a fraction as 15 digits" : nil
    case .int64(let number):
      return self == .real && Int64(exactly: Double(number)) != number
        ? "has no room for all digits of \(number)" : nil
    case .blob: return nil
    }
  }
}
