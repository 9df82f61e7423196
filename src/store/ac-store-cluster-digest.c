/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a set of targets comes to: how many there are, and the digest that an approval names. A
 * Message-ID is the sender's text, so of each message the digest covers the sizes and the dates of
 * its copies as well: a second message with the same Message-ID is not what was seen. It covers
 * neither their folders nor how many copies are alike, for a message that its owner has moved or
 * copied is the same message. */
#include "config.h"

#include <string.h>

#include "store/ac-store-cluster.h"

void
ac_target_sum_clear (AcTargetSum *sum)
{
  g_free (sum->digest);
}

static int
compare_texts (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* NULL: the target has no copies, as an address that mail is forwarded to has none. */
static char *
copies_text (JsonObject *facts)
{
  JsonArray *copies = ac_json_get_array (facts, "copies");
  g_autoptr (GPtrArray) each = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GString) text = NULL;

  if (copies == NULL)
    return NULL;
  for (guint i = 0; i < json_array_get_length (copies); i++)
    {
      JsonObject *copy = ac_json_element_object (copies, i, "copies", NULL);
      const char *date = copy != NULL ? ac_json_get_string (copy, "date") : NULL;

      g_ptr_array_add (
          each, g_strdup_printf ("%" G_GINT64_FORMAT " %s",
                                 copy != NULL ? ac_json_get_integer (copy, "size", -1) : (gint64)-1,
                                 date != NULL ? date : ""));
    }
  g_ptr_array_sort (each, compare_texts);
  text = g_string_new (NULL);
  for (guint i = 0; i < each->len; i++)
    if (i == 0 || strcmp (each->pdata[i - 1], each->pdata[i]) != 0)
      g_string_append_printf (text, "%s\n", (const char *)each->pdata[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
add_to_digest (GChecksum *checksum, const char *text)
{
  g_checksum_update (checksum, (const guchar *)text, (gssize)strlen (text) + 1);
}

static gboolean
add_copies (GChecksum *checksum, const char *text, GError **error)
{
  g_autoptr (JsonObject) facts = ac_store_parse_object (text, error);
  g_autofree char *copies = NULL;

  if (facts == NULL)
    return FALSE;
  copies = copies_text (facts);
  if (copies != NULL)
    add_to_digest (checksum, copies);
  return TRUE;
}

/* text: the query for mailboxes, messages and facts, in the order of the digest. */
static gboolean
sum_up (AcSql *sql,
        const char *text,
        gint64 action,
        gboolean with_copies,
        AcTargetSum *sum,
        GError **error)
{
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  g_autofree char *mailbox = NULL;
  g_autoptr (AcSqlReset) query = ac_sql_query (sql, error, text, "i", action);
  AcSqlStep step = AC_SQL_ERROR;

  while (query != NULL && (step = ac_sql_step (sql, query, error)) == AC_SQL_ROW)
    {
      const char *asset = ac_sql_text (query, 0);

      if (g_strcmp0 (mailbox, asset) != 0)
        {
          g_free (mailbox);
          mailbox = g_strdup (asset);
          sum->mailboxes++;
        }
      sum->messages++;
      add_to_digest (checksum, asset);
      add_to_digest (checksum, ac_sql_text (query, 1));
      if (with_copies && !add_copies (checksum, ac_sql_text (query, 2), error))
        return FALSE;
    }
  if (step != AC_SQL_DONE)
    return FALSE;
  sum->digest = g_strdup (g_checksum_get_string (checksum));
  return TRUE;
}

/**
 * ac_store_sum_up_found:
 * @sum: (out): what the look that is under way has found
 */
gboolean
ac_store_sum_up_found (AcSql *sql, gint64 action, AcTargetSum *sum, GError **error)
{
  return sum_up (sql,
                 "SELECT asset, message, facts FROM cluster_found WHERE action = ? "
                 "ORDER BY asset, message",
                 action, TRUE, sum, error);
}

static gboolean
sum_up_seen (AcSql *sql, gint64 action, gboolean with_copies, AcTargetSum *sum, GError **error)
{
  return sum_up (sql,
                 "SELECT asset, message, facts FROM cluster_messages WHERE action = ? "
                 "ORDER BY asset, message",
                 action, with_copies, sum, error);
}

/**
 * ac_store_approval_holds:
 * @approved: (nullable): the digest that was approved
 * @found: the digest of what was found now, which has not taken the place of what was seen yet
 * @holds: (out): whether that is what was approved
 *
 * An older version of the service has left digests that do not cover the copies. What was seen then
 * is still there with its copies, so that such an approval is neither lost nor good for more.
 */
gboolean
ac_store_approval_holds (AcSql *sql,
                         gint64 action,
                         const char *approved,
                         const char *found,
                         gboolean *holds,
                         GError **error)
{
  g_auto (AcTargetSum) older = { 0 };
  g_auto (AcTargetSum) seen = { 0 };

  *holds = g_strcmp0 (approved, found) == 0;
  if (*holds || approved == NULL)
    return TRUE;
  if (!sum_up_seen (sql, action, FALSE, &older, error))
    return FALSE;
  if (strcmp (approved, older.digest) != 0)
    return TRUE;
  if (!sum_up_seen (sql, action, TRUE, &seen, error))
    return FALSE;
  *holds = strcmp (seen.digest, found) == 0;
  return TRUE;
}
