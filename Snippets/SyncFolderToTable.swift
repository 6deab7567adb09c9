import Syncer
import SyncerFiles
import SyncerSQLite

/// A photo as the table has it.
struct Photo: TableRow {
  var path: BinaryText
  var size: Int64
  var modified: Int64

  static let table = TableLayout(name: "photos", key: ["path"], columns: ["size", "modified_ns"])

  var values: [TableValue?] { [path, size, modified] }
}

/// Brings the table in step with the folder: what is done item by item is done here.
struct PhotoHandler: TableSyncHandler {
  let writer: TableWriter<Photo>

  func filter(_ entry: DiffEntry<BinaryText, FileItem, Photo>) -> Bool {
    guard case .intersection(_, let files, let photos) = entry else { return true }
    return files.first?.stamp.modifiedNanoseconds != photos.first?.modified
  }

  func handleLeftExclusive(
    _ path: BinaryText, _ files: ArraySlice<FileItem>
  ) async throws -> RowChange<Photo> {
    files.first.map { .insert(photo(path, $0)) } ?? .none
  }

  func handleRightExclusive(
    _ path: BinaryText, _ photos: ArraySlice<Photo>
  ) async throws -> RowChange<Photo> {
    .delete(key: [path])
  }

  func handleIntersection(
    _ path: BinaryText, _ files: ArraySlice<FileItem>, _ photos: ArraySlice<Photo>
  ) async throws -> RowChange<Photo> {
    files.first.map { .update(photo(path, $0)) } ?? .none
  }

  private func photo(_ path: BinaryText, _ file: FileItem) -> Photo {
    Photo(path: path, size: file.stamp.size, modified: file.stamp.modifiedNanoseconds)
  }
}

let arguments = CommandLine.arguments.dropFirst()
if let folder = arguments.first, let path = arguments.dropFirst().first {
  let database = try DatabaseFile(
    path: path,
    identity: DatabaseIdentity(program: "photos", applicationID: 0x7068_6F74, version: 1),
    schema: """
      CREATE TABLE photos (
        path TEXT PRIMARY KEY NOT NULL, size INTEGER NOT NULL, modified_ns INTEGER NOT NULL
      ) WITHOUT ROWID;
      """)
  let photos = TableResource(
    in: database.queue, sql: "SELECT path, size, modified_ns FROM photos"
  ) { row in
    Photo(
      path: BinaryText(try row.text("path")), size: try row.integer("size"),
      modified: try row.integer("modified_ns"))
  }
  let syncer = Syncer(
    differ: Differ(
      left: DirectoryResource(roots: [folder], include: [try Glob("*.jpg")]), right: photos,
      // A name that is not UTF-8 is written with \xNN for its bytes.
      leftKey: { BinaryText("\($0.path)") }, rightKey: { $0.path }),
    handler: PhotoHandler(writer: TableWriter(database: database.queue)), order: .listed)
  let report = try await syncer.chunkedSync(chunkTime: .milliseconds(500))
  print("\(report.handledCount) photos in \(report.chunks.count) chunks")
}
