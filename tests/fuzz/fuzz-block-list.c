/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a block list, and any as Squid's question: a list that can be read is written as
 * what is read again, and each question has one line as its answer. */
#include "config.h"

#include <string.h>

#include "responders/ac-squid-answer.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

static void
check_list (const char *text, gsize length)
{
  g_autoptr (AcBlockList) list = ac_block_list_new_from_text (text, length, NULL);
  g_autoptr (AcBlockList) again = NULL;
  g_autofree char *written = NULL;
  g_autofree char *second = NULL;
  gsize written_length, second_length;

  if (list == NULL)
    return;
  written = ac_block_list_to_text (list, &written_length);
  again = ac_block_list_new_from_text (written, written_length, NULL);
  g_assert (again != NULL);
  second = ac_block_list_to_text (again, &second_length);
  g_assert (strcmp (written, second) == 0);
  for (guint i = 0; i < ac_block_list_get_size (again); i++)
    {
      const AcBlockEntry *entry = ac_block_list_get (again, i);
      g_autofree char *id = g_strdup (entry->action_id);
      AcBlockPoint point = entry->point;
      g_autoptr (GPtrArray) covering =
          ac_block_list_covering (again, point, entry->pattern, NULL, G_MININT64 + 1);

      g_assert (covering->len > 0);
      g_assert (ac_block_list_find (again, point, id) == entry);
    }
  while (ac_block_list_get_size (again) > 0)
    {
      const AcBlockEntry *entry = ac_block_list_get (again, ac_block_list_get_size (again) / 2);
      g_autofree char *id = g_strdup (entry->action_id);

      g_assert (ac_block_list_remove (again, entry->point, id));
    }
}

static void
check_answer (const char *line, gsize length)
{
  static const char text[] =
      "action-center-block-list 1\nproxy domain - a evil.test %22%5c\nproxy url - b a.test/ -\nend "
      "2\n";
  g_autoptr (AcBlockList) list = ac_block_list_new_from_text (text, strlen (text), NULL);
  g_autofree char *answer = NULL;

  if (memchr (line, '\n', length) != NULL)
    return;
  answer = ac_squid_answer (list, NULL, FALSE, line, length, 0);
  g_assert (strchr (answer, '\n') == answer + strlen (answer) - 1);
  g_assert (strstr (answer, "OK") != NULL || strstr (answer, "ERR") != NULL);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  /* libFuzzer's buffer may be NULL. */
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autofree char *bytes = g_memdup2 (data, size);

  check_list (bytes != NULL ? bytes : text, size);
  check_answer (bytes != NULL ? bytes : text, size);
  return 0;
}
