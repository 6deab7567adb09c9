import Foundation
import GRDB
import Synchronization
import SyncerSQLite
import TestSupport
import Testing

struct TableWriterTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = "\(folder.path)/notes.sqlite"
  }

  private func open(_ busy: Database.BusyMode = .immediateError) throws -> DatabaseFile {
    try DatabaseFile(
      path: path, identity: Note.identity, access: .readWrite, busyMode: busy, schema: Note.schema)
  }

  /// A row of another table of the same database.
  private struct Mark: TableRow {
    var place: Int?
    static let table = TableLayout(name: "marks", key: ["id"], columns: ["place"])
    var values: [TableValue?] { [1, place] }
  }

  @Test("changes of two tables are written together, or neither")
  func twoTables() throws {
    let file = try open()
    try file.queue.write {
      try $0.execute(sql: "CREATE TABLE marks (id INTEGER PRIMARY KEY, place INTEGER NOT NULL)")
    }
    func mark() throws -> Int? {
      try file.queue.read { try Int.fetchOne($0, sql: "SELECT place FROM marks") }
    }
    let writer = TableWriter<Note>(database: file.queue)
    let note = Note(book: "b", page: 1, text: "x")
    try writer.write([.insert(note)], with: [RowChange<Mark>.insert(Mark(place: 5))])
    #expect(try Note.all(file) == [note])
    #expect(try mark() == 5)
    // The second table takes no NULL: the first stays as it was.
    #expect(throws: DatabaseFileError.self) {
      try writer.write([.delete(key: note.key)], with: [RowChange<Mark>.update(Mark(place: nil))])
    }
    #expect(try Note.all(file) == [note])
    try writer.write([], with: [RowChange<Mark>.update(Mark(place: 6))])
    #expect(try mark() == 6)
    try writer.write([.delete(key: note.key)], with: [RowChange<Mark>]())
    #expect(try Note.all(file).isEmpty)
  }

  @Test(
    "many rows are added, changed and deleted, whatever the batches",
    arguments: [0, 1, 332, 333, 334, 499, 1_000, 2_500])
  func batches(count: Int) throws {
    let file = try open()
    let writer = TableWriter<Note>(database: file.queue)
    let notes = (0..<count).map { Note(book: "b", page: $0, text: $0 % 3 == 0 ? nil : "\($0)") }
    try writer.write(notes.map { .insert($0) })
    #expect(try Note.all(file) == notes)
    let changed = notes.map { Note(book: $0.book, page: $0.page, text: "new") }
    let changes = (0..<count).map { position -> RowChange<Note> in
      switch position % 3 {
      case 0: .update(changed[position])
      case 1: .delete(key: notes[position].key)
      default: .none
      }
    }
    try writer.write(changes)
    var expected: [Note] = []
    for position in 0..<count where position % 3 != 1 {
      expected.append(position % 3 == 0 ? changed[position] : notes[position])
    }
    #expect(try Note.all(file) == expected)
  }

  @Test("a row written again keeps its other columns, and deleting what is gone is no error")
  func again() throws {
    let file = try open()
    let writer = TableWriter<Note>(database: file.queue)
    try writer.write([.insert(Note(book: "a", page: 1, text: "x"))])
    try file.queue.write { try $0.execute(sql: "UPDATE notes SET kept = 8") }
    try writer.write([
      .insert(Note(book: "a", page: 1, text: "y")), .delete(key: ["a", 2]), .none,
    ])
    let row = try file.queue.read { try Row.fetchOne($0, sql: "SELECT text, kept FROM notes") }
    #expect(row == ["text": "y", "kept": 8])
  }

  @Test("a list of changes that fails at its end leaves the table as it was")
  func atomic() throws {
    let file = try open()
    let writer = TableWriter<Note>(database: file.queue)
    let notes = (0..<500).map { Note(book: "b", page: $0) }
    try writer.write(notes.map { .insert($0) })
    var changes = notes.map { RowChange<Note>.delete(key: $0.key) }
    changes += (0..<500).map { .insert(Note(book: "c", page: $0)) }
    changes.append(.insert(Note(book: "c", page: -1)))
    let error = #expect(throws: DatabaseFileError.self) { try writer.write(changes) }
    #expect(error?.rule.contains("CHECK constraint failed") == true)
    #expect(try Note.all(file) == notes)
  }

  @Test("a full disk is a sentence, and the table is as it was")
  func full() throws {
    let file = try open()
    let writer = TableWriter<Note>(database: file.queue)
    try file.queue.write { try $0.execute(sql: "PRAGMA max_page_count = 12") }
    let text = String(repeating: "x", count: 1_000)
    let notes = (0..<100).map { Note(book: "b", page: $0, text: text) }
    let error = #expect(throws: DatabaseFileError.self) {
      try writer.write(notes.map { .insert($0) })
    }
    #expect(
      "\(error.map { "\($0)" } ?? "")"
        == "\(path) cannot grow (database or disk is full); make room on the disk and run again.")
    #expect(try Note.all(file).isEmpty)
    try writer.write([.insert(notes[0])])
    #expect(try Note.all(file) == [notes[0]])
  }

  @Test("a locked database is a sentence; the writer tried as often as it may")
  func locked() throws {
    let asked = Mutex(0)
    let file = try open(
      .callback { _ in
        asked.withLock { $0 += 1 }
        return false
      })
    let other = try DatabaseQueue(path: path, configuration: .leavingTransactionsOpen)
    try other.inDatabase { db in
      try db.execute(sql: "BEGIN IMMEDIATE")
      let error = #expect(throws: DatabaseFileError.self) {
        try TableWriter(database: file.queue, attempts: 4)
          .write([.insert(Note(book: "a", page: 1))])
      }
      #expect(
        error?.description
          == "\(path) is locked by another process; wait for it to finish, or allow a longer wait.")
      #expect(asked.withLock { $0 } == 4)
      try db.execute(sql: "ROLLBACK")
    }
    #expect(try Note.all(file).isEmpty)
  }

  @Test("a database that is unlocked while it is waited for is written to")
  func unlocked() throws {
    try open().queue.close()
    let other = try DatabaseQueue(path: path, configuration: .leavingTransactionsOpen)
    try other.inDatabase { try $0.execute(sql: "BEGIN IMMEDIATE") }
    let file = try open(
      .callback { tries in
        if tries == 2 {
          #expect(throws: Never.self) { try other.inDatabase { try $0.execute(sql: "COMMIT") } }
        }
        return tries < 9
      })
    try TableWriter(database: file.queue).write([.insert(Note(book: "a", page: 1))])
    #expect(try Note.all(file) == [Note(book: "a", page: 1)])
  }

  @Test("a cancelled task still writes")
  func cancelled() async throws {
    let file = try open()
    let task = Task {
      withUnsafeCurrentTask { $0?.cancel() }
      #expect(Task.isCancelled)
      try TableWriter(database: file.queue).write([.insert(Note(book: "a", page: 1))])
    }
    try await task.value
    #expect(try Note.all(file).count == 1)
  }
}

extension Configuration {
  /// For a connection that keeps others waiting.
  fileprivate static var leavingTransactionsOpen: Configuration {
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    return configuration
  }
}
