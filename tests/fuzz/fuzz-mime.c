/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Any bytes as a message: what is taken out by its content is out, and what stands around it is
 * what it was, byte for byte; and the same message can be looked at as text. */
#include "config.h"

#include <string.h>

#include "responders/ac-mime-parts.h"
#include "responders/ac-mime-strip.h"
#include "responders/ac-mime-text.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* All that the stand-in has more than the message lies in one place for each part that was taken.
 */
static void
check_stand_in (GBytes *message, const AcMimeStandIn *stand_in)
{
  gsize n_before;
  gsize n_after;
  const char *before = g_bytes_get_data (message, &n_before);
  const char *after = g_bytes_get_data (stand_in->message, &n_after);
  gsize head = 0;
  gsize tail = 0;

  g_assert (stand_in->n_taken > 0);
  if (stand_in->n_taken > 1)
    return;
  while (head < MIN (n_before, n_after) && before[head] == after[head])
    head++;
  while (tail < MIN (n_before, n_after) - head &&
         before[n_before - tail - 1] == after[n_after - tail - 1])
    tail++;
  /* What differs holds the notice and nothing of the rest. */
  g_assert (n_after > head + tail);
}

static void
check_part (GBytes *message, const AcMimePart *part)
{
  g_autofree char *sha256 = ac_mime_part_digest (part, message, NULL);
  const AcMimeWanted wanted = { .file_name = "x", .sha256 = sha256, .part_path = part->path };
  g_autoptr (AcMimeStandIn) stand_in = ac_mime_strip (message, &wanted, "r", NULL);
  gsize length;
  const char *data;
  const char *original = g_bytes_get_data (message, NULL);
  gsize n = g_bytes_get_size (message);

  if (stand_in == NULL)
    return;
  data = g_bytes_get_data (stand_in->message, &length);
  g_assert (part->is_known);
  g_assert (length >= part->header + (n - part->end));
  g_assert (memcmp (data, original, part->header) == 0);
  g_assert (memcmp (data + length - (n - part->end), original + part->end, n - part->end) == 0);
  check_stand_in (message, stand_in);
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) message = g_bytes_new (data, size);
  g_autoptr (AcMimeParts) parts = ac_mime_parts_new (message);
  g_autoptr (JsonObject) text = ac_mime_text_to_json (message);
  const AcMimeWanted by_name = { .file_name = "a.pdf" };
  g_autoptr (AcMimeStandIn) named = ac_mime_strip (message, &by_name, "r", NULL);

  g_assert (g_utf8_validate (json_object_get_string_member (text, "text"), -1, NULL));
  if (named != NULL)
    check_stand_in (message, named);
  for (guint i = 0; i < MIN (parts->parts->len, 8); i++)
    check_part (message, parts->parts->pdata[i]);
  return 0;
}
