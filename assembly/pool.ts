/** Pools over the pixels that `table` names; address 0 stands for a place outside. `mean`: else the largest. */
export function pool(
	table: usize,
	first: i32,
	last: i32,
	taps: i32,
	channels: i32,
	mean: i32,
	out: usize,
): void {
	const pixelBytes = <usize>channels << 2;
	for (let pixel = first; pixel < last; pixel++) {
		const entry = table + (<usize>(pixel * taps) << 2);
		const at = out + <usize>pixel * pixelBytes;
		let count: f32 = 0;
		for (let tap = 0; tap < taps; tap++) if (load<u32>(entry + (tap << 2)) != 0) count += 1;
		const counts = f32x4.splat(count);
		let channel: usize = 0;
		for (; channel + 16 <= pixelBytes; channel += 16) {
			let value = mean ? f32x4.splat(0) : f32x4.splat(-f32.MAX_VALUE);
			for (let tap = 0; tap < taps; tap++) {
				const x = <usize>load<u32>(entry + (tap << 2));
				if (x == 0) continue;
				const next = v128.load(x + channel);
				value = mean ? f32x4.add(value, next) : f32x4.max(value, next);
			}
			v128.store(at + channel, mean ? f32x4.div(value, counts) : value);
		}
		for (; channel < pixelBytes; channel += 4) {
			let value: f32 = mean ? 0 : -f32.MAX_VALUE;
			for (let tap = 0; tap < taps; tap++) {
				const x = <usize>load<u32>(entry + (tap << 2));
				if (x == 0) continue;
				const next = load<f32>(x + channel);
				value = mean ? value + next : max<f32>(value, next);
			}
			store<f32>(at + channel, mean ? value / count : value);
		}
	}
}
