/* smallcrush reads 32-bit words from standard input and puts them through a battery of TestU01
 * (L'Ecuyer and Simard 2007): SmallCrush, or Crush or BigCrush by argument. It prints every p-value
 * and exits with status 1 if one lies within 1e-6 of 0 or 1, and with 2 if the words run out or the
 * battery is unknown.
 *
 *   cc -O2 -o smallcrush smallcrush.c -ltestu01 -ltestu01probdist -ltestu01mylib -lm
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unif01.h"
#include "bbattery.h"
#include "swrite.h"

static uint32_t words[1 << 14];
static size_t have, used;
static unsigned long long total;

static unsigned int next_word(void)
{
	if (used == have) {
		have = fread(words, sizeof words[0], sizeof words / sizeof words[0], stdin);
		used = 0;
		if (have == 0) {
			fprintf(stderr, "smallcrush: no more words after %llu\n", total);
			exit(2);
		}
	}
	total++;
	return words[used++];
}

int main(int argc, char **argv)
{
	const char *battery = argc > 1 ? argv[1] : "SmallCrush";
	const char *name = argc > 2 ? argv[2] : "standard input";
	unif01_Gen *generator = unif01_CreateExternGenBits((char *)name, next_word);
	int i, bad = 0;

	swrite_Basic = FALSE;
	if (strcmp(battery, "SmallCrush") == 0)
		bbattery_SmallCrush(generator);
	else if (strcmp(battery, "Crush") == 0)
		bbattery_Crush(generator);
	else if (strcmp(battery, "BigCrush") == 0)
		bbattery_BigCrush(generator);
	else {
		fprintf(stderr, "smallcrush: unknown battery %s\n", battery);
		return 2;
	}
	for (i = 0; i < bbattery_NTests; i++) {
		double p = bbattery_pVal[i];
		int beyond = p < 1e-6 || p > 1 - 1e-6;
		bad += beyond;
		printf("%s, %s: %-24s p = %.6g%s\n", battery, name, bbattery_TestNames[i], p, beyond ? "  FAIL" : "");
	}
	printf("%s, %s: %d p-values from %llu words, %d beyond 1e-6\n", battery, name, bbattery_NTests, total, bad);
	unif01_DeleteExternGenBits(generator);
	return bad > 0 || bbattery_NTests == 0;
}
