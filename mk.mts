import { buildSmallNodes } from '/tmp/speed/test/bench/models.ts';
import { encodeGraphDef } from '/tmp/speed/src/formats/graph-def.ts';
import { writeWholeFile } from '/tmp/speed/src/formats/files.ts';
writeWholeFile('/tmp/bm/small20k.pb', encodeGraphDef(buildSmallNodes(20000)), { force: true });
