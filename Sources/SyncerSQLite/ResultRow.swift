internal import Foundation
internal import GRDB

/// A column of a result, by its name or its position, counted from 0.
public enum ResultColumn: Sendable, Equatable, ExpressibleByStringLiteral,
  ExpressibleByIntegerLiteral
{
  /// The column that the query gives this name.
  case name(String)
  /// The column at this position.
  case position(Int)

  public init(stringLiteral name: String) {
    self = .name(name)
  }

  public init(integerLiteral position: Int) {
    self = .position(position)
  }
}

/// A row that a query selected; valid while it is decoded.
///
/// A column is named or counted: `try row.integer("size")`, `try row.integer(0)`. Every function
/// throws where the result has no such column, or another kind of value in it.
public struct ResultRow {
  private let row: Row

  init(row: Row) {
    self.row = row
  }

  /// Whether the column is NULL.
  public func isNull(_ column: ResultColumn) throws -> Bool { try value(column).isNull }

  /// The whole number in a column.
  public func integer(_ column: ResultColumn) throws -> Int64 {
    guard let number = Int64.fromDatabaseValue(try value(column)) else {
      throw try mismatch(column, "whole number")
    }
    return number
  }

  /// The number in a column, whole or not.
  public func double(_ column: ResultColumn) throws -> Double {
    guard let number = Double.fromDatabaseValue(try value(column)) else {
      throw try mismatch(column, "number")
    }
    return number
  }

  /// The text in a column.
  public func text(_ column: ResultColumn) throws -> String {
    guard case .string(let text) = try value(column).storage else {
      throw try mismatch(column, "text")
    }
    return text
  }

  /// The bytes of the text, or the bytes as such, in a column.
  public func bytes(_ column: ResultColumn) throws -> [UInt8] {
    switch try value(column).storage {
    case .string(let text): return Array(text.utf8)
    case .blob(let data): return [UInt8](data)
    case .null, .int64, .double: throw try mismatch(column, "text or bytes")
    }
  }

  private func value(_ column: ResultColumn) throws -> DatabaseValue {
    switch column {
    case .name(let name) where row.hasColumn(name): return row[name]
    case .position(let position) where (0..<row.count).contains(position): return row[position]
    case .name, .position:
      throw ResultError(
        description: "the result has no column \(column), only "
          + Array(row.columnNames).joined(separator: ", "))
    }
  }

  private func mismatch(_ column: ResultColumn, _ kind: String) throws -> ResultError {
    ResultError(description: "\(column) has no \(kind) but \(try value(column))")
  }
}

extension ResultColumn: CustomStringConvertible {
  public var description: String {
    switch self {
    case .name(let name): name
    case .position(let position): "\(position)"
    }
  }
}

/// What is wrong with a result, as a part of a sentence.
private struct ResultError: Error, CustomStringConvertible {
  var description: String
}
