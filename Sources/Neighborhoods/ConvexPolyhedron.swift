import MaterialsCore

/// A convex polyhedron around the origin that planes cut smaller.
///
/// Vertices within `tolerance` of a plane count as on it, so that planes that only touch (as in cubic crystals) leave the polyhedron as
/// it is and no face is made of rounding errors. The classes belong to vertices, not to faces, so all faces agree about them.
struct ConvexPolyhedron {
    /// Vertices, Å.
    private(set) var vertices: [SIMD3<Double>] = []
    /// Faces as loops of vertices, one after the other; `faces + 1` starts.
    private(set) var loops: [Int32] = []
    private(set) var starts: [Int32] = [0]
    /// The plane of each face, as the caller named it.
    private(set) var planes: [Int32] = []

    private var (newLoops, newStarts, newPlanes): ([Int32], [Int32], [Int32]) = ([], [], [])
    private var (heights, newIndex): ([Double], [Int32]) = ([], [])
    private var cuts: [(from: Int32, to: Int32, vertex: Int32)] = []
    private var cap: [(angle: Double, vertex: Int32)] = []

    /// Faces.
    var faceCount: Int { planes.count }
    /// True where nothing is left.
    var isEmpty: Bool { planes.isEmpty }

    /// Starts anew as a cube of the given half edge; its planes are -1.
    mutating func reset(halfEdge h: Double) {
        vertices.removeAll(keepingCapacity: true)
        for corner in 0..<8 {
            vertices.append(SIMD3(corner & 1 == 0 ? -h : h, corner & 2 == 0 ? -h : h, corner & 4 == 0 ? -h : h))
        }
        loops = [0, 2, 6, 4, 1, 5, 7, 3, 0, 4, 5, 1, 2, 3, 7, 6, 0, 1, 3, 2, 4, 6, 7, 5]
        starts = [0, 4, 8, 12, 16, 20, 24]
        planes = [-1, -1, -1, -1, -1, -1]
    }

    /// Square of the distance of the farthest vertex.
    var squaredRadius: Double {
        var farthest = 0.0
        for v in vertices { farthest = max(farthest, (v.x * v.x + v.y * v.y) + v.z * v.z) }
        return farthest
    }

    /// Keeps the part with normal·x ≤ height (normal of unit length).
    mutating func cut(_ normal: SIMD3<Double>, _ height: Double, plane: Int32, tolerance: Double) {
        heights.removeAll(keepingCapacity: true)
        var (highest, lowest) = (-Double.infinity, Double.infinity)
        for v in vertices {
            let h = ((v.x * normal.x + v.y * normal.y) + v.z * normal.z) - height
            heights.append(h)
            highest = max(highest, h)
            lowest = min(lowest, h)
        }
        if highest <= tolerance { return }
        if lowest >= -tolerance { return clear() }
        keepVertices(tolerance)
        cutFaces(tolerance)
        closeHole(normal, plane)
        swap(&loops, &newLoops)
        swap(&starts, &newStarts)
        swap(&planes, &newPlanes)
        dropUnusedVertices()
    }

    private mutating func clear() {
        vertices.removeAll(keepingCapacity: true)
        loops.removeAll(keepingCapacity: true)
        planes.removeAll(keepingCapacity: true)
        starts = [0]
    }

    /// Moves what is not above the plane to the front; the plane's own vertices go into the cap.
    private mutating func keepVertices(_ tolerance: Double) {
        newIndex.removeAll(keepingCapacity: true)
        cuts.removeAll(keepingCapacity: true)
        cap.removeAll(keepingCapacity: true)
        for k in vertices.indices {
            if heights[k] > tolerance {
                newIndex.append(-1)
                continue
            }
            let kept = Int32(newIndex.count)
            newIndex.append(kept)
            if heights[k] >= -tolerance { cap.append((0, kept)) }
        }
    }

    private mutating func cutFaces(_ tolerance: Double) {
        newLoops.removeAll(keepingCapacity: true)
        newStarts.removeAll(keepingCapacity: true)
        newPlanes.removeAll(keepingCapacity: true)
        newStarts.append(0)
        for face in planes.indices {
            let range = Int(starts[face])..<Int(starts[face + 1])
            let begin = newLoops.count
            var allOn = true
            for p in range {
                let from = loops[p]
                let to = loops[p + 1 == range.upperBound ? range.lowerBound : p + 1]
                let (h0, h1) = (heights[Int(from)], heights[Int(to)])
                if h0 <= tolerance { newLoops.append(newIndex[Int(from)]) }
                if h0 < -tolerance { allOn = false }
                if h0 < -tolerance && h1 > tolerance || h0 > tolerance && h1 < -tolerance { newLoops.append(crossing(from, to)) }
            }
            // What is left of a face that lies in the plane, or has shrunk to an edge, belongs to the cap.
            if newLoops.count - begin < 3 || allOn {
                newLoops.removeLast(newLoops.count - begin)
            } else {
                newStarts.append(Int32(newLoops.count))
                newPlanes.append(planes[face])
            }
        }
    }

    /// The vertex where an edge meets the plane, the same for both its faces.
    private mutating func crossing(_ from: Int32, _ to: Int32) -> Int32 {
        let (a, b) = from < to ? (from, to) : (to, from)
        for c in cuts where c.from == a && c.to == b { return c.vertex }
        let (h0, h1) = (heights[Int(a)], heights[Int(b)])
        let t = h0 / (h0 - h1)
        let (u, v) = (vertices[Int(a)], vertices[Int(b)])
        vertices.append(SIMD3(u.x + t * (v.x - u.x), u.y + t * (v.y - u.y), u.z + t * (v.z - u.z)))
        let vertex = Int32(vertices.count - 1)
        cuts.append((a, b, vertex))
        cap.append((0, vertex))
        return vertex
    }

    /// The new face: the vertices in the plane, around their centre.
    private mutating func closeHole(_ normal: SIMD3<Double>, _ plane: Int32) {
        if cap.count < 3 { return }
        var centre = SIMD3<Double>(0, 0, 0)
        for c in cap { centre += vertices[Int(c.vertex)] }
        centre /= Double(cap.count)
        let n = CartesianVector(normal)
        let first = CartesianVector(vertices[Int(cap[0].vertex)] - centre)
        let along = first - first.dot(n) * n
        let across = n.cross(along)
        for k in cap.indices {
            let d = CartesianVector(vertices[Int(cap[k].vertex)] - centre)
            let (u, v) = (d.dot(along), d.dot(across))
            // Rises with the angle from -π to π without being one.
            let ratio = u / (abs(u) + abs(v))
            cap[k].angle = v < 0 ? ratio - 1 : 1 - ratio
        }
        cap.sort { $0.angle != $1.angle ? $0.angle < $1.angle : $0.vertex < $1.vertex }
        for c in cap { newLoops.append(c.vertex) }
        newStarts.append(Int32(newLoops.count))
        newPlanes.append(plane)
    }

    /// Numbers the vertices that faces still use from 0 on, in their order.
    private mutating func dropUnusedVertices() {
        newIndex.removeAll(keepingCapacity: true)
        newIndex.append(contentsOf: repeatElement(-1, count: vertices.count))
        for v in loops { newIndex[Int(v)] = 0 }
        var count = 0
        for k in vertices.indices where newIndex[k] == 0 {
            newIndex[k] = Int32(count)
            vertices[count] = vertices[k]
            count += 1
        }
        vertices.removeLast(vertices.count - count)
        for p in loops.indices { loops[p] = newIndex[Int(loops[p])] }
    }
}
