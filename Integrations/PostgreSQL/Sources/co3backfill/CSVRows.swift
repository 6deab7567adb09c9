import SyncerPostgreSQL
import Synchronization

/// The header of a CSV file.
struct CSVHeader: Sendable {
  let path: String
  /// The names of the columns, in the order of the file.
  let names: [String]

  /// Reads the header.
  ///
  /// - Throws: `SourceError`.
  init(path: String) throws {
    self.path = path
    var file = try CSVFile(path: path)
    var fields: [String?] = []
    guard try file.next(&fields) else {
      throw SourceError(
        source: path, rule: "has no header", remedy: "begin it with the names of the columns")
    }
    names = try fields.map { name in
      if let name, !name.isEmpty { return name }
      throw SourceError(
        source: path, rule: "has a column without a name", remedy: "name all of them in the header")
    }
    if Set(names).count != names.count {
      throw SourceError(
        source: path, rule: "has two columns of one name", remedy: "give each a name of its own")
    }
  }
}

/// The rows of a CSV file, sorted by the key of the table they are for.
struct CSVRows: Sendable {
  let header: CSVHeader
  private let table: PostgreSQLTable
  /// Where the fields of the table's columns are.
  private let places: [Int]
  /// How far an iteration came last: the next share begins behind it.
  private let bookmark = Bookmark()

  /// - Throws: `SourceError` where the file lacks a column.
  init(_ header: CSVHeader, for table: PostgreSQLTable) throws {
    self.header = header
    self.table = table
    places = try table.columnNames.map { name in
      if let place = header.names.firstIndex(of: name) { return place }
      throw SourceError(
        source: header.path, rule: "has no column \(name)", remedy: "add it, or choose another key")
    }
  }

  /// Where a row starts that comes behind a key.
  final class Bookmark: Sendable {
    private let place = Mutex<(key: PostgreSQLKey, offset: UInt64, line: Int)?>(nil)

    func set(_ key: PostgreSQLKey, _ offset: UInt64, _ line: Int) {
      place.withLock { $0 = (key, offset, line) }
    }

    /// The place, where all keys up to it are to be left out.
    func place(before after: PostgreSQLKey?) -> (offset: UInt64, line: Int)? {
      place.withLock { place in
        guard let place, let after, place.key <= after else { return nil }
        return (place.offset, place.line)
      }
    }
  }

  /// Reads row by row.
  struct Iterator {
    private let source: CSVRows
    private let range: PostgreSQLKeyRange
    private var file: CSVFile
    private var fields: [String?] = []

    init(_ source: CSVRows, in range: PostgreSQLKeyRange) throws {
      self.source = source
      self.range = range
      file = try CSVFile(path: source.header.path)
      if let place = source.bookmark.place(before: range.after) {
        try file.seek(to: place.offset, line: place.line)
      } else {
        _ = try file.next(&fields)
      }
    }

    mutating func next() throws -> PostgreSQLRow? {
      while true {
        let (offset, line) = (file.offset, file.line)
        guard try file.next(&fields) else { return nil }
        let row = try row(line)
        if let after = range.after, row.key <= after { continue }
        if let through = range.through, through < row.key {
          source.bookmark.set(through, offset, line)
          return nil
        }
        return row
      }
    }

    /// The row of the fields that were read.
    private func row(_ line: Int) throws -> PostgreSQLRow {
      // Made where it is needed: this runs for every row.
      var place: String { "\(source.header.path), line \(line)," }
      guard fields.count == source.header.names.count else {
        throw SourceError(
          source: place,
          rule: "has \(fields.count) fields, but the header has \(source.header.names.count)",
          remedy: "correct the line")
      }
      var values: [PostgreSQLValue?] = []
      values.reserveCapacity(source.places.count)
      for place in source.places { values.append(fields[place].map { PostgreSQLValue($0) }) }
      do {
        return PostgreSQLRow(key: try source.table.key(of: values), values: values)
      } catch {
        throw SourceError(
          source: place, rule: "is refused: \(error.place) \(error.rule)", remedy: error.remedy)
      }
    }
  }
}
