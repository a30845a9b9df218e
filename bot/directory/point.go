package directory

import "math"

// radius of the Earth in kilometres.
const radius = 6371.0

// farthest stands where a distance is not known: in tens of metres, beyond the other side of the Earth.
const farthest = 1<<22 - 1

// Km is the distance to another point along the ground.
func (p Point) Km(to Point) float64 { return p.vector().km(to.vector()) }

// vector is a point on a sphere of radius one. Distances along the chord sort as those along the ground do, and cost no
// angle for each of thousands of places.
type vector struct{ x, y, z float64 }

func (p *Point) vector() *vector {
	if p == nil {
		return nil
	}
	const degree = math.Pi / 180
	sinLat, cosLat := math.Sincos(p.Lat * degree)
	sinLon, cosLon := math.Sincos(p.Lon * degree)
	return &vector{cosLat * cosLon, cosLat * sinLon, sinLat}
}

// chord gives the straight distance through the sphere.
func (v *vector) chord(to *vector) float64 {
	x, y, z := v.x-to.x, v.y-to.y, v.z-to.z
	return math.Sqrt(x*x + y*y + z*z)
}

// km gives the distance along the ground, or less than nothing where one point is not known.
func (v *vector) km(to *vector) float64 {
	if v == nil || to == nil {
		return -1
	}
	return 2 * radius * math.Asin(min(1, v.chord(to)/2))
}
