internal import GRDB

/// What is wrong with a database file: one line that names it, the rule and the remedy.
public struct DatabaseFileError: Error, Equatable, CustomStringConvertible {
  /// The file, as it was named.
  public var file: String
  /// The rule that is broken, as the rest of a sentence about the file.
  public var rule: String
  /// What to do about it.
  public var remedy: String

  /// Makes an error.
  public init(file: String, rule: String, remedy: String) {
    self.file = file
    self.rule = rule
    self.remedy = remedy
  }

  /// Says in the manner of this module what SQLite reported.
  public init(file: String, _ error: any Error) {
    guard let reported = error as? DatabaseError else {
      if let known = error as? DatabaseFileError {
        self = known
      } else {
        self.init(file: file, rule: "cannot be used (\(error))", remedy: "see the reason")
      }
      return
    }
    let (rule, remedy) = DatabaseFileError.sentence(reported)
    self.init(file: file, rule: rule, remedy: remedy)
  }

  private static func sentence(_ error: DatabaseError) -> (rule: String, remedy: String) {
    let message = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      return ("is locked by another process", "wait for it to finish, or allow a longer wait")
    case .SQLITE_READONLY:
      return (
        "cannot be written (\(message))",
        "change the permissions of the file and of its folder, or name another file"
      )
    case .SQLITE_FULL:
      return ("cannot grow (\(message))", "make room on the disk and run again")
    case .SQLITE_NOTADB:
      return ("is not an SQLite database", "name another file, or remove this one")
    case .SQLITE_CORRUPT:
      return ("is damaged (\(message))", "remove it and have it made anew, or restore a copy")
    case .SQLITE_CANTOPEN:
      return (
        "cannot be opened (\(message))", "check that its folder exists and its permissions allow it"
      )
    case .SQLITE_IOERR:
      return ("cannot be read or written (\(message))", "check the disk and run again")
    default:
      return ("cannot be used (\(message))", "check that its tables are as they were made")
    }
  }

  public var description: String { "\(file) \(rule); \(remedy)." }
}
