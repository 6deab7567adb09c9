/// A table as the database describes it: its columns, and the key that tells its rows apart.
public struct PostgreSQLTable: Sendable {
  struct Column: Sendable, Equatable {
    var name: String
    var kind: KeyKind?
    var type: String
    var isNullable: Bool
    /// Whether its collation takes different bytes for one text.
    var isLoose: Bool

    var quoted: String { PostgreSQLTable.quoted(name) }
    /// The column in the order of keys: byte by byte, whatever its collation.
    var ordered: String { kind == .text ? "\(quoted) COLLATE \"C\"" : quoted }
  }

  /// The table with its schema, quoted as SQL wants it.
  public let name: String
  let columns: [Column]
  let keyCount: Int
  let place: String
  private let kinds: [KeyKind]

  /// The names of the columns, those of the key first.
  public var columnNames: [String] { columns.map(\.name) }
  /// The names of the key's columns.
  public var keyNames: [String] { columns.prefix(keyCount).map(\.name) }

  var key: ArraySlice<Column> { columns.prefix(keyCount) }

  /// Reads the description of a table.
  ///
  /// - Parameters:
  ///   - name: The table as SQL has it: `items`, `public.items` or `"Items"`.
  ///   - key: The columns of its key; nil for those of its primary key.
  ///   - columns: The other columns of the rows; nil for all there are.
  ///   - connection: The database.
  /// - Throws: `PostgreSQLError` where there is no such table, or none with a key that this can use:
  ///   a unique index over columns that are not NULL, of whole numbers, texts or UUIDs whose
  ///   collation takes different bytes for different texts.
  public init(
    _ name: String, key: [String]? = nil, columns: [String]? = nil,
    of connection: PostgreSQLConnection
  ) async throws {
    let database = connection.address.description
    let descriptions = try await connection.query(
      """
      SELECT c.oid, format('%I.%I', n.nspname, c.relname) FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.oid = to_regclass($1) AND c.relkind IN ('r', 'p')
      """, [PostgreSQLValue(name)])
    guard let row = descriptions.rows.first, let id = row[0], let quoted = row[1]?.text else {
      throw PostgreSQLError(
        place: database, state: "42P01", rule: "has no table \(name)",
        remedy: "name one that exists")
    }
    let place = "The table \(quoted)"
    let all = try await Self.columns(of: id, connection)
    let indexes = try await Self.uniqueIndexes(of: id, connection)
    let key = try key ?? Self.primaryKey(indexes, place)
    self.name = quoted
    self.place = place
    keyCount = key.count
    let others = columns ?? all.map(\.name).filter { !key.contains($0) }
    let found = try (key + others.filter { !key.contains($0) }).map { name in
      if let column = all.first(where: { $0.name == name }) { return column }
      throw PostgreSQLError(
        place: place, rule: "has no column \(name)",
        remedy: "name columns that it has: \(all.map(\.name).joined(separator: ", "))")
    }
    self.columns = found
    kinds = found.prefix(key.count).compactMap(\.kind)
    try check(indexes.map(\.columns))
  }

  /// A key made of a row's values.
  ///
  /// - Throws: `PostgreSQLError` for NULL, and for what is no value of the column in its one spelling.
  ///
  /// - Precondition: there are as many values as columns in the key, or more.
  public func key(of values: [PostgreSQLValue?]) throws(PostgreSQLError) -> PostgreSQLKey {
    try key(of: values[...])
  }

  /// As above, of a part of a row.
  func key(of values: ArraySlice<PostgreSQLValue?>) throws(PostgreSQLError) -> PostgreSQLKey {
    precondition(
      values.count >= keyCount, "A key has \(keyCount) values; there are \(values.count).")
    do {
      return try PostgreSQLKey(values, kinds)
    } catch {
      throw PostgreSQLError(
        place: place,
        rule: "has no row with this key: \(keyNames.joined(separator: ", ")) \(error.rule)",
        remedy: "correct the key in the source")
    }
  }

  static func quoted(_ name: String) -> String {
    "\"\(name.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\""))\""
  }

  /// Names of columns between commas.
  static func list(_ columns: some Sequence<Column>) -> String {
    columns.map(\.quoted).joined(separator: ", ")
  }

  // MARK: The description

  private static func columns(
    of id: PostgreSQLValue, _ connection: PostgreSQLConnection
  ) async throws -> [Column] {
    let result = try await connection.query(
      """
      SELECT a.attname, t.typname, a.attnotnull, coalesce(NOT l.collisdeterministic, false)
      FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
      LEFT JOIN pg_collation l ON l.oid = a.attcollation
      WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
      ORDER BY a.attnum
      """, [id])
    return result.rows.map { row in
      let type = row[1]?.text ?? ""
      let kind: KeyKind? =
        switch type {
        case "int2", "int4", "int8": .number
        case "text", "varchar": .text
        case "uuid": .uuid
        default: nil
        }
      return Column(
        name: row[0]?.text ?? "", kind: kind, type: type, isNullable: row[2] != "t",
        isLoose: row[3] == "t")
    }
  }

  private static func uniqueIndexes(
    of id: PostgreSQLValue, _ connection: PostgreSQLConnection
  ) async throws -> [(columns: [String], isPrimary: Bool)] {
    let result = try await connection.query(
      """
      SELECT i.indexrelid, i.indisprimary, a.attname
      FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::int2[]) WITH ORDINALITY k (number, place)
      JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.number
      WHERE i.indrelid = $1::oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
        AND i.indexprs IS NULL AND k.place <= i.indnkeyatts
      ORDER BY i.indexrelid, k.place
      """, [id])
    var indexes: [(id: PostgreSQLValue?, columns: [String], isPrimary: Bool)] = []
    for row in result.rows {
      if indexes.last?.id != row[0] || indexes.isEmpty {
        indexes.append((row[0], [], row[1] == "t"))
      }
      indexes[indexes.count - 1].columns.append(row[2]?.text ?? "")
    }
    return indexes.map { ($0.columns, $0.isPrimary) }
  }

  private static func primaryKey(
    _ indexes: [(columns: [String], isPrimary: Bool)], _ place: String
  ) throws(PostgreSQLError) -> [String] {
    if let primary = indexes.first(where: \.isPrimary) { return primary.columns }
    throw PostgreSQLError(
      place: place, rule: "has no primary key",
      remedy: "name the columns of a unique index as its key")
  }

  /// Sees to it that the key finds one row, and the same one as a comparison of bytes does.
  private func check(_ indexes: [[String]]) throws(PostgreSQLError) {
    let names = keyNames.joined(separator: ", ")
    if !indexes.contains(where: { Set($0) == Set(keyNames) }) {
      throw PostgreSQLError(
        place: place, rule: "has no unique index on \(names)",
        remedy: "make one, or name the columns of one that it has as the key")
    }
    for column in key {
      let (rule, remedy) =
        column.isNullable
        ? ("may have NULL in", "set it NOT NULL")
        : column.isLoose
          ? ("takes different texts for one in", "give it a deterministic collation")
          : (
            "has the type \(column.type) in",
            "use a key of whole numbers, text, varchar or uuid, whose values have one spelling"
          )
      if column.isNullable || column.isLoose || column.kind == nil {
        throw PostgreSQLError(
          place: place, rule: "\(rule) the key column \(column.name)", remedy: remedy)
      }
    }
  }
}
