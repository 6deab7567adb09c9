import GRDB
import SyncerSQLite

/// A row with a key of two columns and a rule that can be broken.
struct Note: TableRow, Equatable {
  var book: String
  var page: Int
  var text: String?

  static let table = TableLayout(name: "notes", key: ["book", "page"], columns: ["text"])

  var values: [TableValue?] { [book, page, text] }

  var key: [TableValue] { [book, page] }

  static let identity = DatabaseIdentity(program: "notes", applicationID: 77, version: 2)

  static let schema = """
    CREATE TABLE notes (
      book TEXT NOT NULL, page INTEGER NOT NULL CHECK (page >= 0), text TEXT, kept INTEGER DEFAULT 7,
      PRIMARY KEY (book, page)
    );
    """

  static func all(_ file: DatabaseFile) throws -> [Note] {
    try TableResource(in: file.queue) { db in
      try Row.fetchAll(db, sql: "SELECT book, page, text FROM notes ORDER BY book, page").map {
        Note(book: $0["book"], page: $0["page"], text: $0["text"])
      }
    }.select()
  }
}
