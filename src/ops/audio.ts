/** Front ends of speech models: sound files, spectrograms, cepstral coefficients. */
import type { OpDeclaration, ShapeFunction } from './define.ts';
import { decodeWav, fftLength, mfcc, spectrogram } from './kernels/audio.ts';
import { withRank } from './shape-algebra.ts';

const decodeWavShape: ShapeFunction = ({ attr }) => {
	const samples = attr('desired_samples')?.int ?? -1;
	const channels = attr('desired_channels')?.int ?? -1;
	return [[samples, channels], []];
};

const spectrogramShape: ShapeFunction = ({ inputs, attr }) => {
	const input = withRank(inputs[0], 2);
	const window = attr('window_size')?.int ?? 1;
	const stride = attr('stride')?.int ?? 1;
	const samples = input[0]!;
	const rows = samples < 0 ? -1 : samples < window ? 0 : 1 + Math.floor((samples - window) / stride);
	return [[input[1]!, rows, 1 + fftLength(window) / 2]];
};

const mfccShape: ShapeFunction = ({ inputs, attr }) => {
	const input = withRank(inputs[0], 3);
	return [[input[0]!, input[1]!, attr('dct_coefficient_count')?.int ?? 13]];
};

export const audioOps: readonly OpDeclaration[] = [
	{
		names: ['DecodeWav'],
		dtypes: '16-bit samples',
		limits: 'PCM of 16 bits',
		shape: decodeWavShape,
		kernel: decodeWav,
	},
	{ names: ['AudioSpectrogram'], dtypes: 'float', shape: spectrogramShape, kernel: spectrogram },
	{ names: ['Mfcc'], dtypes: 'float', shape: mfccShape, kernel: mfcc },
];
