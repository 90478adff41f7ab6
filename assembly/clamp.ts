/** Values brought into a range: what every loop ends with. */

@inline
export function clamped(value: v128, low: v128, high: v128): v128 {
	return f32x4.min(f32x4.max(value, low), high);
}

@inline
export function clampedScalar(value: f32, low: f32, high: f32): f32 {
	return min<f32>(max<f32>(value, low), high);
}
