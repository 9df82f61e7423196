/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Proposals of people: the same request is carried out once, and, where the service asks for two
 * persons, nobody approves what he or she has proposed. */
#include "config.h"

#include <string.h>

#include "model/ac-time.h"
#include "store/ac-store-cluster.h"

/**
 * ac_store_set_second_person:
 * @needed: whether somebody else than its proposer must approve an action of a person
 */
void
ac_store_set_second_person (AcStore *self, gboolean needed)
{
  g_return_if_fail (AC_IS_STORE (self));

  self->second_person = needed;
}

gboolean
ac_store_get_second_person (AcStore *self)
{
  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  return self->second_person;
}

static gboolean
key_reused (const char *key, GError **error)
{
  g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_KEY_REUSED,
               "The Idempotency-Key “%s” was used before for another request. Send this one with a "
               "new key.",
               key);
  return FALSE;
}

/* What the key of this person stands for: nothing yet (*known is FALSE), or this request. */
static gboolean
find_claim (AcWrite *write, const char *key, const char *digest, gboolean *known, GError **error)
{
  g_autoptr (AcSqlReset) query =
      ac_sql_query (write->sql, error, "SELECT digest FROM proposals WHERE actor = ? AND key = ?",
                    "ss", write->actor->name, key);
  AcSqlStep step = query != NULL ? ac_sql_step (write->sql, query, error) : AC_SQL_ERROR;

  *known = step == AC_SQL_ROW;
  if (step == AC_SQL_ROW)
    return strcmp (ac_sql_text (query, 0), digest) == 0 || key_reused (key, error);
  return step == AC_SQL_DONE;
}

static gboolean
insert_claim (AcWrite *write, const char *key, const char *digest, GError **error)
{
  return ac_sql_run (write->sql, error, "INSERT INTO proposals VALUES (?, ?, ?, ?)", "sssi",
                     write->actor->name, key, digest, write->now);
}

/**
 * ac_store_claim_proposal:
 * @key: the Idempotency-Key
 * @body: the request, in one spelling
 *
 * Notes that the key of this person stands for this request.
 *
 * Returns: %TRUE when it is on disk; else AC_STORE_ERROR_KEY_REUSED when it stands for another, or
 * AC_STORE_ERROR_FAILED.
 */
gboolean
ac_store_claim_proposal (AcStore *self,
                         const AcActor *actor,
                         const char *key,
                         const char *body,
                         GError **error)
{
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, body, -1);
  g_auto (AcWrite) write = { 0 };
  gboolean known;

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  if (!ac_store_begin_write (self, &write, actor, error) ||
      !find_claim (&write, key, digest, &known, error))
    return FALSE;
  return known || (insert_claim (&write, key, digest, error) && ac_write_commit (&write, error));
}

/**
 * ac_store_audit_export:
 * @key: the Idempotency-Key
 * @body: the request, in one spelling
 * @words: what was exported, for the log
 *
 * Notes in the audit log that somebody has written actions into a file; the same request once.
 *
 * Returns: %TRUE when it is on disk; else AC_STORE_ERROR_KEY_REUSED when the key stands for another
 * request, or AC_STORE_ERROR_FAILED.
 */
gboolean
ac_store_audit_export (AcStore *self,
                       const AcActor *actor,
                       const char *key,
                       const char *body,
                       const char *words,
                       GError **error)
{
  /* Other requests may bear the same key. */
  g_autofree char *own_key = g_strconcat ("export ", key, NULL);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, body, -1);
  g_auto (AcWrite) write = { 0 };
  gboolean known;

  g_return_val_if_fail (AC_IS_STORE (self), FALSE);

  if (!ac_store_begin_write (self, &write, actor, error) ||
      !find_claim (&write, own_key, digest, &known, error))
    return FALSE;
  return known ||
         (insert_claim (&write, own_key, digest, error) &&
          ac_write_audit (
              &write,
              &(AcAuditRow){ .event = "export", .kind = "actions", .id = "", .comment = words },
              error) &&
          ac_write_commit (&write, error));
}

/**
 * ac_store_check_proposer:
 * @rows: (element-type AcActionRow): what is to be approved
 *
 * Returns: whether nobody approves what he or she has proposed, where that is asked for; else
 * AC_STORE_ERROR_CONFLICT.
 */
gboolean
ac_store_check_proposer (AcStore *self,
                         AcSql *sql,
                         AcDecision decision,
                         const AcActor *actor,
                         GPtrArray *rows,
                         GError **error)
{
  if (!self->second_person || decision != AC_DECISION_APPROVE)
    return TRUE;
  for (guint i = 0; i < rows->len; i++)
    {
      const AcActionRow *row = rows->pdata[i];
      gint64 is_own;

      if (!ac_sql_get_integer (sql, &is_own, 0, error,
                               "SELECT proposed_by = ? FROM actions WHERE seq = ?", "si",
                               actor->name, row->seq))
        return FALSE;
      if (is_own)
        {
          g_set_error (error, AC_STORE_ERROR, AC_STORE_ERROR_CONFLICT,
                       "You have proposed the action %s yourself, and this service asks for a "
                       "second person: somebody else must approve it.",
                       row->id);
          return FALSE;
        }
    }
  return TRUE;
}
