/** Compiles `assembly/kernels.ts`: WebAssembly with SIMD and shared memory. */
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const root = fileURLToPath(new URL('..', import.meta.url));

/** @param outFile from the package's root; where the program looks for the kernels unless given. */
export async function buildKernels(outFile = 'dist/kernels.wasm') {
	await mkdir(dirname(join(root, outFile)), { recursive: true });
	const { error, stderr } = await asc.main(
		[
			'assembly/kernels.ts',
			...['--baseDir', root, '--outFile', outFile],
			...['-O3', '--noAssert', '--runtime', 'stub', '--enable', 'simd,threads'],
			...['--importMemory', '--sharedMemory', '--initialMemory', '16', '--maximumMemory', '65536'],
		],
		{ stdout: process.stdout, stderr: process.stderr },
	);
	if (error) throw new Error(`the kernels do not compile: ${error.message}\n${stderr}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();
