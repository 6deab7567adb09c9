import Foundation
import GRDB
import SyncerSQLite
import TestSupport
import Testing

struct DatabaseFileTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = "\(folder.path)/notes.sqlite"
  }

  private func open(_ access: DatabaseFile.Access = .readWrite) throws -> DatabaseFile {
    try DatabaseFile(
      path: path, identity: Note.identity, access: access, busyMode: .immediateError,
      schema: Note.schema)
  }

  private func contents() throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  /// The sentence with which the file is refused; the file is as it was.
  private func refusal(_ access: DatabaseFile.Access = .readWrite) throws -> String {
    let before = try contents()
    let error = #expect(throws: DatabaseFileError.self) { try open(access) }
    #expect(try contents() == before)
    return error.map { "\($0)" } ?? ""
  }

  @Test("a transaction outlasts a power cut, unless it is said that it need not")
  func durability() throws {
    let cases: [(DatabaseFile.Durability, Int)] = [(.powerLoss, 2), (.kill, 1)]
    for (durability, synchronous) in cases {
      let file = try DatabaseFile(
        path: path, identity: Note.identity, access: .readWrite, durability: durability,
        schema: Note.schema)
      let found = try file.queue.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") }
      #expect(found == synchronous)
      try file.queue.close()
    }
  }

  @Test("a new file gets tables, identity and a write-ahead log; opened again it stays as it is")
  func new() throws {
    do {
      let file = try open()
      let mode = try file.queue.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") }
      #expect(mode == "wal")
      #expect(try Note.all(file).isEmpty)
      try file.queue.close()
    }
    let before = try contents()
    #expect(before.count > 0)
    for access in [DatabaseFile.Access.readWrite, .readOnly] {
      let file = try open(access)
      #expect(try Note.all(file).isEmpty)
      try file.queue.close()
      #expect(try contents() == before)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
    }
  }

  @Test("nothing can be written to a file opened for reading")
  func readOnly() throws {
    try open().queue.close()
    let file = try open(.readOnly)
    let error = #expect(throws: DatabaseFileError.self) {
      try TableWriter(database: file.queue).write([.insert(Note(book: "a", page: 1))])
    }
    #expect(
      error?.description
        == "\(path) cannot be written (attempt to write a readonly database); change the "
        + "permissions of the file and of its folder, or name another file.")
  }

  @Test("a file that is missing, or empty, is refused for reading")
  func missing() throws {
    let error = #expect(throws: DatabaseFileError.self) { try open(.readOnly) }
    #expect(error?.description == "\(path) does not exist; make it first, or name another.")
    try folder.write("notes.sqlite")
    #expect(try refusal(.readOnly).contains("does not exist"))
    try open().queue.close()
    #expect(try Note.all(open(.readOnly)).isEmpty)
  }

  @Test(
    "what is no database is refused", arguments: ["short", String(repeating: "long", count: 99)])
  func noDatabase(text: String) throws {
    try folder.write("notes.sqlite", text)
    #expect(
      try refusal()
        == "\(path) is not an SQLite database; name another file, or remove this one.")
  }

  @Test("a folder, and a file in no folder, are refused")
  func places() throws {
    let itself = #expect(throws: DatabaseFileError.self) {
      try DatabaseFile(path: folder.path, identity: Note.identity, schema: "")
    }
    #expect(itself?.rule == "is a folder, not a database")
    let nowhere = #expect(throws: DatabaseFileError.self) {
      try DatabaseFile(path: "\(path)/x", identity: Note.identity, schema: "")
    }
    #expect(nowhere?.rule.hasPrefix("cannot be opened") == true)
  }

  @Test(
    "a database of another program is refused",
    arguments: [
      ("PRAGMA application_id = 78", "application id 78"),
      ("CREATE TABLE notes (a)", "no application id"),
      ("PRAGMA user_version = 1", "no application id"),
    ])
  func foreign(sql: String, found: String) throws {
    let other = try DatabaseQueue(path: path)
    try other.write { try $0.execute(sql: sql) }
    try other.close()
    #expect(
      try refusal()
        == "\(path) is a database of another program than notes (\(found)); "
        + "name another file, or one that does not exist yet.")
  }

  @Test("a database of a newer version is refused")
  func newer() throws {
    let file = try open()
    try file.queue.write { try $0.execute(sql: "PRAGMA user_version = 3") }
    try file.queue.close()
    #expect(
      try refusal()
        == "\(path) was made by a newer notes (version 3 of the tables; this one knows 2); "
        + "use that one, or name another file.")
  }

  @Test("a damaged database is refused", arguments: [1, 2, 5])
  func damaged(page: Int) throws {
    let file = try open()
    let notes = (0..<2_000).map { Note(book: "book", page: $0, text: "text \($0)") }
    try TableWriter(database: file.queue).write(notes.map { .insert($0) })
    try file.queue.close()
    var bytes = try contents()
    let start = page * 4_096
    bytes.replaceSubrange(start..<(start + 2_048), with: Data(repeating: 0xA5, count: 2_048))
    try bytes.write(to: URL(fileURLWithPath: path))
    let sentence = try refusal()
    #expect(sentence.hasPrefix("\(path) is damaged ("), "\(sentence)")
    #expect(sentence.hasSuffix("; remove it and have it made anew, or restore a copy."))
  }

  @Test("a database that was cut off is refused")
  func truncated() throws {
    let file = try open()
    let notes = (0..<2_000).map { Note(book: "book", page: $0, text: "text \($0)") }
    try TableWriter(database: file.queue).write(notes.map { .insert($0) })
    try file.queue.close()
    try contents().prefix(3 * 4_096).write(to: URL(fileURLWithPath: path))
    #expect(try refusal().contains("is damaged"))
  }
}
