/** Kernels of speech front ends. */
import { DT_FLOAT, DT_INT32 } from '../../graph/dtype.ts';
import type { Kernel } from '../define.ts';
import { cannotRun, scalar } from '../values.ts';
import { floatsOf } from './normalization.ts';

/** The smallest power of two that holds the window. */
export function fftLength(windowSize: number): number {
	let length = 1;
	while (length < windowSize) length *= 2;
	return length;
}

/** In place, by halves: radix 2. `real.length` is a power of two. */
function fourier(real: Float64Array, imaginary: Float64Array): void {
	const size = real.length;
	for (let i = 1, j = 0; i < size; i++) {
		let bit = size >> 1;
		for (; j & bit; bit >>= 1) j ^= bit;
		j ^= bit;
		if (i < j) {
			[real[i], real[j]] = [real[j]!, real[i]!];
			[imaginary[i], imaginary[j]] = [imaginary[j]!, imaginary[i]!];
		}
	}
	for (let length = 2; length <= size; length *= 2) {
		const half = length / 2;
		for (let from = 0; from < size; from += length) {
			for (let k = 0; k < half; k++) {
				const angle = (-2 * Math.PI * k) / length;
				const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
				const [a, b] = [from + k, from + k + half];
				const re = real[b]! * cosine - imaginary[b]! * sine;
				const im = real[b]! * sine + imaginary[b]! * cosine;
				real[b] = real[a]! - re;
				imaginary[b] = imaginary[a]! - im;
				real[a] = real[a]! + re;
				imaginary[a] = imaginary[a]! + im;
			}
		}
	}
}

/** Samples [time, channel] → power or magnitude [channel, window, frequency], under Hann windows. */
export const spectrogram: Kernel = ([input], context) => {
	const [samples, channels] = input!.shape as [number, number];
	const window = context.attr('window_size')?.int ?? 0;
	const stride = context.attr('stride')?.int ?? 0;
	if (window < 2 || stride < 1) throw cannotRun(context, `its window is ${window}, its stride ${stride}`);
	const squared = context.attr('magnitude_squared')?.bool ?? false;
	const length = fftLength(window);
	const bins = 1 + length / 2;
	const rows = samples < window ? 0 : 1 + Math.floor((samples - window) / stride);
	const values = floatsOf(input!, context);
	const hann = Float64Array.from(
		{ length: window },
		(_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / window),
	);
	const data = new Float32Array(channels * rows * bins);
	for (let channel = 0; channel < channels; channel++) {
		for (let row = 0; row < rows; row++) {
			const real = new Float64Array(length);
			const imaginary = new Float64Array(length);
			for (let i = 0; i < window; i++) real[i] = values[(row * stride + i) * channels + channel]! * hann[i]!;
			fourier(real, imaginary);
			for (let bin = 0; bin < bins; bin++) {
				const power = real[bin]! ** 2 + imaginary[bin]! ** 2;
				data[(channel * rows + row) * bins + bin] = squared ? power : Math.sqrt(power);
			}
		}
	}
	return [{ dtype: DT_FLOAT, shape: [channels, rows, bins], data }];
};

function toMel(hertz: number): number {
	return 1127 * Math.log1p(hertz / 700);
}

/** Which band a frequency belongs to, and how much of it goes there: the rest goes to the next band. */
interface Bands {
	readonly first: number;
	readonly last: number;
	readonly band: Int32Array;
	readonly weight: Float64Array;
}

function melBands(bins: number, rate: number, count: number, lower: number, upper: number): Bands {
	const low = toMel(lower);
	const spacing = (toMel(upper) - low) / (count + 1);
	const centers = Array.from({ length: count + 1 }, (_, i) => low + spacing * (i + 1));
	const width = (0.5 * rate) / (bins - 1);
	const first = Math.trunc(1.5 + lower / width);
	const last = Math.min(Math.trunc(upper / width), bins - 1);
	const band = new Int32Array(bins).fill(-2);
	const weight = new Float64Array(bins);
	let at = 0;
	for (let i = first; i <= last; i++) {
		const mel = toMel(i * width);
		while (at < count && centers[at]! < mel) at++;
		band[i] = at - 1;
		const [from, to] = at > 0 ? [centers[at - 1]!, centers[at]!] : [low, centers[0]!];
		weight[i] = (to - mel) / (to - from);
	}
	return { first, last, band, weight };
}

const FLOOR = 1e-12;

/** Mel-frequency cepstral coefficients of power spectra [channel, window, frequency]. */
export const mfcc: Kernel = ([spectra, rate], context) => {
	const [channels, rows, bins] = spectra!.shape as [number, number, number];
	const count = context.attr('filterbank_channel_count')?.int ?? 40;
	const coefficients = context.attr('dct_coefficient_count')?.int ?? 13;
	const lower = context.attr('lower_frequency_limit')?.float ?? 20;
	const upper = context.attr('upper_frequency_limit')?.float ?? 4000;
	if (bins < 2 || count < 1 || lower < 0 || upper <= lower)
		throw cannotRun(context, 'its limits are not valid');
	const bands = melBands(bins, scalar(rate!), count, lower, upper);
	const values = floatsOf(spectra!, context);
	const data = new Float32Array(channels * rows * coefficients);
	const norm = Math.sqrt(2 / count);
	for (let row = 0; row < channels * rows; row++) {
		const energies = new Float64Array(count);
		for (let i = bands.first; i <= bands.last; i++) {
			const magnitude = Math.sqrt(values[row * bins + i]!);
			const weighted = magnitude * bands.weight[i]!;
			const band = bands.band[i]!;
			if (band >= 0) energies[band]! += weighted;
			if (band + 1 < count) energies[band + 1]! += magnitude - weighted;
		}
		const logs = energies.map((energy) => Math.log(Math.max(energy, FLOOR)));
		for (let k = 0; k < coefficients; k++) {
			let sum = 0;
			for (let j = 0; j < count; j++) sum += norm * Math.cos(((k * Math.PI) / count) * (j + 0.5)) * logs[j]!;
			data[row * coefficients + k] = sum;
		}
	}
	return [{ dtype: DT_FLOAT, shape: [channels, rows, coefficients], data }];
};

/** A WAV file of 16-bit samples → samples in [−1, 1) [time, channel] and the rate. */
export const decodeWav: Kernel = ([content], context) => {
	const bytes = content!.data[0];
	if (!(bytes instanceof Uint8Array)) throw cannotRun(context, 'its input is no string');
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const word = (at: number): string => Buffer.from(bytes.subarray(at, at + 4)).toString('latin1');
	if (bytes.length < 12 || word(0) !== 'RIFF' || word(8) !== 'WAVE')
		throw cannotRun(context, 'its input is no WAV file');
	let format: { channels: number; rate: number; bits: number; kind: number } | undefined;
	for (let at = 12; at + 8 <= bytes.length; ) {
		const size = view.getUint32(at + 4, true);
		const body = at + 8;
		if (word(at) === 'fmt ' && body + 16 <= bytes.length) {
			format = {
				kind: view.getUint16(body, true),
				channels: view.getUint16(body + 2, true),
				rate: view.getUint32(body + 4, true),
				bits: view.getUint16(body + 14, true),
			};
		} else if (word(at) === 'data') {
			if (format?.kind !== 1 || format.bits !== 16 || format.channels === 0)
				throw cannotRun(context, 'only WAV files of 16-bit samples are implemented');
			const found = Math.floor(Math.min(size, bytes.length - body) / (2 * format.channels));
			const wantedChannels = context.attr('desired_channels')?.int ?? -1;
			const wantedSamples = context.attr('desired_samples')?.int ?? -1;
			const channels = wantedChannels > 0 ? wantedChannels : format.channels;
			const samples = wantedSamples > 0 ? wantedSamples : found;
			const data = new Float32Array(samples * channels);
			for (let i = 0; i < Math.min(samples, found); i++) {
				for (let c = 0; c < channels; c++) {
					const source = Math.min(c, format.channels - 1);
					data[i * channels + c] = view.getInt16(body + (i * format.channels + source) * 2, true) / 32768;
				}
			}
			return [
				{ dtype: DT_FLOAT, shape: [samples, channels], data },
				{ dtype: DT_INT32, shape: [], data: Int32Array.of(format.rate) },
			];
		}
		at = body + size + (size & 1);
	}
	throw cannotRun(context, 'its input has no samples');
};
