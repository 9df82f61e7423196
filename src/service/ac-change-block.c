/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "service/ac-change-block.h"

/**
 * ac_change_event_chunk:
 *
 * Returns: (transfer full): a chunk of the body with this text.
 */
GBytes *
ac_change_event_chunk (const char *text, gsize length)
{
  GString *chunk = g_string_sized_new (length + 16);

  g_string_append_printf (chunk, "%" G_GSIZE_MODIFIER "x\r\n", length);
  g_string_append_len (chunk, text, (gssize)length);
  g_string_append_len (chunk, "\r\n", 2);
  return g_string_free_to_bytes (chunk);
}

/**
 * ac_change_event_new:
 *
 * Returns: (transfer full): the event. JSON text of ours has no line ends, so it is one line of
 * data.
 */
GBytes *
ac_change_event_new (const AcLogPage *page)
{
  g_autoptr (GString) event = g_string_sized_new (g_bytes_get_size (page->text) + 256);

  g_string_append_printf (event, "event: changes\nid: %s\ndata: ", page->token);
  g_string_append_len (event, g_bytes_get_data (page->text, NULL),
                       (gssize)g_bytes_get_size (page->text));
  g_string_append_len (event, "\n\n", 2);
  return ac_change_event_chunk (event->str, event->len);
}

/**
 * ac_change_event_new_empty:
 *
 * Returns: (transfer full): the event of who stands at @place and lacks nothing.
 */
GBytes *
ac_change_event_new_empty (AcStore *store, const AcChangePlace *place)
{
  g_autofree char *token = ac_store_format_token (store, place);
  g_autofree char *text = g_strdup_printf ("{\"items\":[],\"next\":\"%s\",\"more\":false}", token);
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, strlen (text));
  AcLogPage page = { .text = bytes, .token = token };

  return ac_change_event_new (&page);
}

void
ac_change_block_free (gpointer data)
{
  AcChangeBlock *block = data;

  g_clear_pointer (&block->bytes, g_bytes_unref);
  g_free (block);
}

/**
 * ac_change_block_read:
 * @after: a place in the log
 * @limit: at most this many changes; 0: nobody wants to know, the block has no bytes and costs next
 * to nothing
 * @more: (out): whether there is more at once
 *
 * Returns: (transfer full): a block, one that leads nowhere when there is nothing new; or %NULL.
 */
AcChangeBlock *
ac_change_block_read (AcStore *store,
                      const AcChangePlace *after,
                      guint limit,
                      gboolean *more,
                      GError **error)
{
  g_autoptr (AcLogPage) page = NULL;
  g_autoptr (GError) local_error = NULL;
  AcChangeBlock *block = g_new0 (AcChangeBlock, 1);

  block->after = *after;
  *more = FALSE;
  if (limit > 0)
    {
      page = ac_store_read_changes (store, after, G_MAXINT64, limit, AC_CHANGE_MOST_BYTES,
                                    &local_error);
      if (page != NULL)
        {
          block->next = page->next;
          block->bytes = ac_change_event_new (page);
          *more = page->more;
          return block;
        }
    }
  /* Whoever still follows from a place that is gone is told so when it reads for itself. */
  if ((limit == 0 || g_error_matches (local_error, AC_STORE_ERROR, AC_STORE_ERROR_TOKEN_GONE)) &&
      ac_store_get_last_change (store, &block->next, error))
    return block;
  if (local_error != NULL && (error == NULL || *error == NULL))
    g_propagate_error (error, g_steal_pointer (&local_error));
  ac_change_block_free (block);
  return NULL;
}
