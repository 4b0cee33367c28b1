/*
 * replay.c FILE...
 *		Feeds files to a fuzz target, one after the other, and each of them cut
 *		at every eighth of its length; says how many.
 */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

int
main(int argc, char **argv)
{
	int inputs = 0;

	for (int i = 1; i < argc; i++)
	{
		FILE *f = fopen(argv[i], "rb");
		static uint8_t data[1 << 20];
		size_t size;

		if (f == NULL)
		{
			perror(argv[i]);
			return 1;
		}
		size = fread(data, 1, sizeof(data), f);
		fclose(f);
		for (size_t part = 1; part <= 8; part++, inputs++)
			(void) LLVMFuzzerTestOneInput(data, size * part / 8);
	}
	printf("%d inputs\n", inputs);
	return 0;
}
