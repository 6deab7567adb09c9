// Two services that list their records by the page, sorted by name: neither list is ever held.
import Syncer

struct Record: Sendable {
  var name: String
  var version: Int
}

/// A service that returns the records behind a name, a page at a time.
struct Service: Sendable {
  var records: [Record]

  func page(after name: String?) async throws -> ArraySlice<Record> {
    records.drop { record in name.map { record.name <= $0 } ?? false }.prefix(2)
  }
}

/// The records of a service, of which one page is held.
struct Records: AsyncSequence, Sendable {
  let service: Service

  func makeAsyncIterator() -> Iterator { Iterator(service: service) }

  struct Iterator: AsyncIteratorProtocol {
    let service: Service
    var page: ArraySlice<Record> = []
    var last: String?

    mutating func next() async throws -> Record? {
      if page.isEmpty { page = try await service.page(after: last) }
      let record = page.popFirst()
      last = record?.name ?? last
      return record
    }
  }
}

let old = Service(records: [Record(name: "ant", version: 1), Record(name: "cat", version: 4)])
let new = Service(
  records: ["ant", "bee", "cat", "dog"].map { Record(name: $0, version: 4) })

let differ = SortedDiffer(
  left: Records(service: new), right: Records(service: old), leftKey: \.name, rightKey: \.name,
  uniqueKeys: [.left, .right])
let handler = differ.handler(
  onlyLeft: { record in "create \(record.name)" },
  onlyRight: { record in "delete \(record.name)" },
  both: { record, _ in "update \(record.name)" },
  isUnchanged: { new, old in new.version == old.version },
  processChunk: { chunk in print("chunk \(chunk.number): \(chunk.outputs)") })

let report = try await Syncer(differ: differ, handler: handler).chunkedSync(chunkTime: .seconds(5))
print(report)
