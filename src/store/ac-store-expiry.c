/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Actions that nobody has decided on in time. */
#include "config.h"

#include "store/ac-store-private.h"

/* Actions that expire in one transaction, so that decisions do not wait for long. */
#define EXPIRE_CHUNK 1000

static const AcActor service_actor = { "service", NULL };

static gboolean
expire_chunk (AcStore *self, gint64 now, guint *n, GError **error)
{
  g_autoptr (GArray) seqs = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_auto (AcWrite) write = { 0 };

  *n = 0;
  if (!ac_store_begin_write (self, &write, &service_actor, error))
    return FALSE;
  {
    /* The status stands here for the sake of the index; what may expire, the table of transitions
     * says. */
    g_autoptr (AcSqlReset) query =
        ac_sql_query (write.sql, error,
                      "SELECT seq FROM actions WHERE status = 'pending' AND expires_at <= ? "
                      "ORDER BY expires_at LIMIT ?",
                      "ii", now, (gint64)EXPIRE_CHUNK);
    AcSqlStep step = AC_SQL_ERROR;

    while (query != NULL && (step = ac_sql_step (write.sql, query, error)) == AC_SQL_ROW)
      {
        gint64 seq = sqlite3_column_int64 (query, 0);

        g_array_append_val (seqs, seq);
      }
    if (step != AC_SQL_DONE)
      return FALSE;
  }
  for (guint i = 0; i < seqs->len; i++)
    {
      g_autoptr (AcActionRow) row =
          ac_action_row_load (write.sql, g_array_index (seqs, gint64, i), error);

      if (row == NULL || !ac_write_transition (&write, row, AC_EVENT_EXPIRE, NULL, NULL, error))
        return FALSE;
    }
  if (seqs->len > 0 && !ac_write_commit (&write, error))
    return FALSE;
  *n = seqs->len;
  return TRUE;
}

/**
 * ac_store_expire_actions:
 * @now: microseconds since 1970 in UTC
 * @n_expired: (out) (optional): how many
 */
gboolean
ac_store_expire_actions (AcStore *self, gint64 now, guint *n_expired, GError **error)
{
  guint sum = 0;
  guint n;

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  do
    {
      if (!expire_chunk (self, now, &n, error))
        return FALSE;
      sum += n;
    }
  while (n == EXPIRE_CHUNK);
  if (n_expired != NULL)
    *n_expired = sum;
  return TRUE;
}
