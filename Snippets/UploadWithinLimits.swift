// Uploads to a service that takes 400 records and 2 MB per request, and less where it is busy.
import Syncer

struct Photo: Sendable {
  var name: String
  var bytes: Int
}

/// The service, which says when a request is too large for it.
struct Service: Sendable {
  func upload(_ photos: [Photo]) async throws {
    let size = photos.reduce(0) { $0 + $1.bytes }
    if size > 1_500_000 { throw ChunkTooLarge(in: .bytes) }
    print("uploaded \(photos.count) photos, \(size) bytes")
  }
}

let photos = (1...600).map { Photo(name: "\($0).jpg", bytes: 1000 + $0 * 7919 % 40_000) }
let service = Service()
let differ = Differ(
  left: ArrayResource(photos), right: ArrayResource<String>([]), leftKey: \.name,
  rightKey: { $0 })
let handler = differ.handler(
  onlyLeft: { photo in photo },
  weight: { entry, unit in unit == .bytes ? entry.left?.bytes ?? 0 : 0 },
  processChunk: { try await service.upload($0.outputs) })

let syncer = Syncer(differ: differ, handler: handler, order: .listed)
let report = try await syncer.chunkedSync(
  chunkTime: .seconds(5), chunkCap: 400, chunkWeightCap: ["bytes": 2_000_000])
print(report)
// What was found can be the cap of the next sync.
for limit in report.foundLimits { print(limit.cap) }
