/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is seen in both accounts, and which copy of which receipt it is. */
#include "config.h"

#include <string.h>

#include "responders/ac-imap-name.h"
#include "responders/ac-quarantine-batch.h"

/* Message-IDs in one search: more make the server's work no shorter. */
#define IDS_A_SEARCH 50
/* Messages in one FETCH, so that a Message-ID that is part of all others costs no more memory. */
#define UIDS_A_FETCH 1000

/* Which works are about which Message-ID: two actions may be about the same. */
static GHashTable *
works_by_id (GPtrArray *works)
{
  GHashTable *by_id =
      g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);

  for (guint i = 0; i < works->len; i++)
    {
      AcQuarantineWork *work = works->pdata[i];
      GPtrArray *same = g_hash_table_lookup (by_id, work->message_id);

      if (same == NULL)
        {
          same = g_ptr_array_new ();
          g_hash_table_insert (by_id, (char *)work->message_id, same);
        }
      g_ptr_array_add (same, work);
    }
  return by_id;
}

/* Takes up a message whose whole Message-ID is one that is looked for; the server has found others
 * too. */
static void
take_message (AcQuarantineBatch *batch,
              GHashTable *by_id,
              AcQuarantineAccount *account,
              const char *folder,
              AcImapMessage *message)
{
  AcQuarantineHit *hit = g_new0 (AcQuarantineHit, 1);

  hit->account = account;
  hit->folder = folder;
  hit->uid_validity = account->state.uid_validity;
  hit->message = message;
  g_ptr_array_add (batch->hits, hit);
  for (guint i = 0; message->message_ids[i] != NULL; i++)
    {
      GPtrArray *works = g_hash_table_lookup (by_id, message->message_ids[i]);

      for (guint k = 0; works != NULL && k < works->len; k++)
        {
          AcQuarantineWork *work = works->pdata[k];
          GPtrArray *seen = account == &batch->quarantine          ? work->kept
                            : folder == batch->config->recoverable ? work->soft_deleted
                                                                   : work->hits;

          /* A message may have the same header twice. */
          if (!g_ptr_array_find (seen, hit, NULL))
            g_ptr_array_add (seen, hit);
        }
    }
}

static gboolean
fetch_found (AcQuarantineBatch *batch,
             GHashTable *by_id,
             GHashTable *seen,
             AcQuarantineAccount *account,
             const char *folder,
             GArray *uids,
             GError **error)
{
  for (guint at = 0; at < uids->len; at += UIDS_A_FETCH)
    {
      g_autoptr (GPtrArray) messages =
          ac_imap_client_fetch (account->connection, &g_array_index (uids, guint32, at),
                                MIN (UIDS_A_FETCH, uids->len - at), error);

      if (messages == NULL)
        return FALSE;
      g_ptr_array_set_free_func (messages, NULL);
      for (guint i = 0; i < messages->len; i++)
        {
          AcImapMessage *message = messages->pdata[i];

          /* Found by two searches, or told twice. */
          if (g_hash_table_add (seen, GUINT_TO_POINTER (message->uid)))
            take_message (batch, by_id, account, folder, message);
          else
            ac_imap_message_free (message);
        }
    }
  return TRUE;
}

/* Searches one folder, which may have been deleted since it was listed. */
static gboolean
look_in (AcQuarantineBatch *batch,
         GHashTable *by_id,
         AcQuarantineAccount *account,
         const char *folder,
         GError **error)
{
  g_autofree const char **ids = (const char **)g_hash_table_get_keys_as_array (by_id, NULL);
  g_autoptr (GHashTable) seen = g_hash_table_new (NULL, NULL);
  guint n_ids = g_hash_table_size (by_id);
  GError *problem = NULL;

  if (!ac_quarantine_account_open (account, folder, FALSE, &problem))
    {
      if (g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER))
        {
          g_error_free (problem);
          return TRUE;
        }
      g_propagate_error (error, problem);
      return FALSE;
    }
  for (guint from = 0; from < n_ids; from += IDS_A_SEARCH)
    {
      guint n = MIN (IDS_A_SEARCH, n_ids - from);
      g_autofree const char **some = g_new0 (const char *, n + 1);
      g_autoptr (GArray) uids = NULL;

      memcpy (some, ids + from, n * sizeof *some);
      uids = ac_imap_client_search_message_ids (account->connection, some, error);
      if (uids == NULL || !fetch_found (batch, by_id, seen, account, folder, uids, error))
        return FALSE;
    }
  return TRUE;
}

/* Half a look at a folder is none. */
static void
forget_folder (GPtrArray *works, const char *folder)
{
  for (guint i = 0; i < works->len; i++)
    {
      GPtrArray *hits = ((AcQuarantineWork *)works->pdata[i])->hits;

      for (guint k = hits->len; k > 0; k--)
        if (((AcQuarantineHit *)hits->pdata[k - 1])->folder == folder)
          g_ptr_array_remove_index (hits, k - 1);
    }
}

static gboolean
look_in_one_of_owner (AcQuarantineBatch *batch,
                      GHashTable *by_id,
                      GPtrArray *works,
                      const char *folder,
                      GError **error)
{
  GError *problem = NULL;

  if (look_in (batch, by_id, &batch->owner, folder, &problem))
    return TRUE;
  forget_folder (works, folder);
  return ac_mail_unread_take (batch->unread, folder, batch->folders->len, batch->owner.connection,
                              problem, error);
}

static gboolean
look_in_quarantine (AcQuarantineBatch *batch, GHashTable *by_id, GError **error)
{
  GError *problem = NULL;

  if (!batch->has_kept_folder ||
      look_in (batch, by_id, &batch->quarantine, batch->kept_folder, &problem))
    return TRUE;
  if (ac_imap_error_is_refusal (problem) && !ac_quarantine_batch_is_lost (batch))
    g_prefix_error (&problem, "The folder “%s” of the quarantine account could not be looked at. ",
                    batch->kept_folder);
  g_propagate_error (error, problem);
  return FALSE;
}

/**
 * ac_quarantine_batch_look:
 * @works: (element-type AcQuarantineWork): whose messages to look for
 *
 * Fills the lists "hits" and "kept" of each work. A folder of the owner that the server does not
 * let us look into is noted as unread.
 */
gboolean
ac_quarantine_batch_look (AcQuarantineBatch *batch, GPtrArray *works, GError **error)
{
  g_autoptr (GHashTable) by_id = works_by_id (works);

  if (works->len == 0)
    return TRUE;
  for (guint i = 0; i < batch->folders->len; i++)
    if (!look_in_one_of_owner (batch, by_id, works,
                               ((AcImapFolder *)batch->folders->pdata[i])->name, error))
      return FALSE;
  return look_in_quarantine (batch, by_id, error);
}

/**
 * ac_quarantine_batch_look_in_recoverable:
 * @works: (element-type AcQuarantineWork): whose messages to look for
 *
 * Fills the list "soft_deleted" of each work.
 */
gboolean
ac_quarantine_batch_look_in_recoverable (AcQuarantineBatch *batch, GPtrArray *works, GError **error)
{
  g_autoptr (GHashTable) by_id = works_by_id (works);

  GError *problem = NULL;

  if (works->len == 0 || !batch->has_recoverable ||
      look_in (batch, by_id, &batch->owner, batch->config->recoverable, &problem))
    return TRUE;
  /* One more than those that were listed. */
  return ac_mail_unread_take (batch->unread, batch->config->recoverable, batch->folders->len + 1,
                              batch->owner.connection, problem, error);
}

/* Opens a folder that is not open already. */
static gboolean
account_show (AcQuarantineAccount *account, const char *folder, GError **error)
{
  return g_strcmp0 (account->folder, folder) == 0 ||
         ac_quarantine_account_open (account, folder, FALSE, error);
}

/**
 * ac_quarantine_hit_digest:
 *
 * Learns the SHA-256 of a message, which stays %NULL when it has gone since it was seen.
 */
gboolean
ac_quarantine_hit_digest (AcQuarantineBatch *batch, AcQuarantineHit *hit, GError **error)
{
  GError *problem = NULL;

  if (hit->sha256 != NULL)
    return TRUE;
  if (account_show (hit->account, hit->folder, &problem) &&
      hit->account->state.uid_validity == hit->uid_validity)
    hit->sha256 = ac_imap_transfer_digest (hit->account->connection, hit->message->uid,
                                           hit->message->size, &problem);
  if (problem == NULL)
    {
      batch->wants_another_look = batch->wants_another_look || hit->sha256 == NULL;
      return TRUE;
    }
  /* Whatever it is, it is none that was ever copied and seen. */
  if (g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_WRONG_SIZE))
    {
      hit->is_unreadable = TRUE;
      g_error_free (problem);
      return TRUE;
    }
  if (g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_CHANGED) ||
      g_error_matches (problem, AC_IMAP_ERROR, AC_IMAP_ERROR_NO_FOLDER))
    {
      batch->wants_another_look = TRUE;
      g_error_free (problem);
      return TRUE;
    }
  g_propagate_error (error, problem);
  return FALSE;
}

/**
 * ac_quarantine_hit_is:
 * @is: (out): whether the message is the one that is meant, byte for byte
 */
gboolean
ac_quarantine_hit_is (AcQuarantineBatch *batch,
                      AcQuarantineHit *hit,
                      guint32 size,
                      gint64 date,
                      const char *sha256,
                      gboolean *is,
                      GError **error)
{
  *is = FALSE;
  if (hit->is_claimed || hit->message->size != size || hit->message->date != date)
    return TRUE;
  if (!ac_quarantine_hit_digest (batch, hit, error))
    return FALSE;
  *is = g_strcmp0 (hit->sha256, sha256) == 0;
  return TRUE;
}

static gboolean
may_be_at (const AcQuarantineHit *hit, const char *folder, const AcMailPlace *place)
{
  if (folder != NULL && !ac_imap_name_equal (hit->folder, folder))
    return FALSE;
  if (place == NULL || hit->uid_validity != place->uid_validity)
    return TRUE; /* the numbers were given anew, and say nothing any more */
  if (place->uid != 0)
    return hit->message->uid == place->uid;
  return hit->message->uid >= place->uid_next;
}

/**
 * ac_quarantine_find:
 * @hits: (element-type AcQuarantineHit):
 * @folder: (nullable): only there
 * @place: (nullable): only what came to this place
 * @found: (out) (nullable) (transfer none): a message that no copy of any receipt is yet, and that
 *   is the one that is meant, byte for byte; claimed
 */
gboolean
ac_quarantine_find (AcQuarantineBatch *batch,
                    GPtrArray *hits,
                    const char *folder,
                    const AcMailPlace *place,
                    guint32 size,
                    gint64 date,
                    const char *sha256,
                    AcQuarantineHit **found,
                    GError **error)
{
  *found = NULL;
  for (guint i = 0; sha256 != NULL && i < hits->len; i++)
    {
      AcQuarantineHit *hit = hits->pdata[i];
      gboolean is;

      if (!may_be_at (hit, folder, place))
        continue;
      if (!ac_quarantine_hit_is (batch, hit, size, date, sha256, &is, error))
        return FALSE;
      if (!is)
        continue;
      hit->is_claimed = TRUE;
      *found = hit;
      return TRUE;
    }
  return TRUE;
}

/**
 * ac_quarantine_may_have_come:
 *
 * Returns: whether ac_quarantine_find() has found none there, but one that cannot be read: then
 * nobody knows whether it is the one that is meant.
 */
gboolean
ac_quarantine_may_have_come (GPtrArray *hits,
                             const char *folder,
                             const AcMailPlace *place,
                             guint32 size,
                             gint64 date)
{
  for (guint i = 0; i < hits->len; i++)
    {
      const AcQuarantineHit *hit = hits->pdata[i];

      if (hit->is_unreadable && !hit->is_claimed && may_be_at (hit, folder, place) &&
          hit->message->size == size && hit->message->date == date)
        return TRUE;
    }
  return FALSE;
}

/**
 * ac_quarantine_find_kept:
 *
 * Returns: (nullable): the copy where it was seen in quarantine; claimed.
 */
AcQuarantineHit *
ac_quarantine_find_kept (AcQuarantineWork *work, const AcQuarantineCopy *copy)
{
  for (guint i = 0; copy->kept.uid != 0 && i < work->kept->len; i++)
    {
      AcQuarantineHit *hit = work->kept->pdata[i];

      if (hit->is_claimed || hit->message->size != copy->size || hit->message->date != copy->date ||
          (hit->uid_validity == copy->kept.uid_validity && hit->message->uid != copy->kept.uid))
        continue;
      hit->is_claimed = TRUE;
      return hit;
    }
  return NULL;
}

/**
 * ac_quarantine_find_source:
 *
 * Returns: (nullable): the copy where it was before it was touched; claimed.
 */
AcQuarantineHit *
ac_quarantine_find_source (AcQuarantineWork *work, const AcQuarantineCopy *copy)
{
  for (guint i = 0; i < work->hits->len; i++)
    {
      AcQuarantineHit *hit = work->hits->pdata[i];

      if (hit->is_claimed || !ac_imap_name_equal (hit->folder, copy->folder) ||
          hit->message->size != copy->size || hit->message->date != copy->date ||
          (hit->uid_validity == copy->uid_validity && hit->message->uid != copy->uid))
        continue;
      hit->is_claimed = TRUE;
      return hit;
    }
  return NULL;
}

/**
 * ac_quarantine_claim_left:
 *
 * Claims what was seen of the copies that this run leaves, so that none of it is taken for another
 * one that is alike, nor for one too many.
 */
void
ac_quarantine_claim_left (AcQuarantineBatch *batch)
{
  for (guint i = 0; batch->unread->len > 0 && i < batch->works->len; i++)
    {
      AcQuarantineWork *work = batch->works->pdata[i];

      for (guint k = 0; !work->is_done && k < work->receipt->copies->len; k++)
        {
          const AcQuarantineCopy *copy = work->receipt->copies->pdata[k];

          if (!ac_quarantine_batch_leaves (batch, copy))
            continue;
          ac_quarantine_find_source (work, copy);
          ac_quarantine_find_kept (work, copy);
        }
    }
}

/**
 * ac_quarantine_claim_source:
 *
 * Claims the copy where it was before it was touched. Done for all copies before one that is not
 * there is looked for elsewhere: copies of one message in two folders are alike, and none is to be
 * taken for another that has moved.
 */
gboolean
ac_quarantine_claim_source (AcQuarantineBatch *batch, AcQuarantineStep *step, GError **error)
{
  step->copy->there = ac_quarantine_find_source (step->work, step->copy);
  return TRUE;
}

/**
 * ac_quarantine_remove_hit:
 *
 * Takes one message away that was seen, byte for byte, in another place.
 */
gboolean
ac_quarantine_remove_hit (AcQuarantineBatch *batch, AcQuarantineHit *hit, GError **error)
{
  if (!ac_quarantine_account_open (hit->account, hit->folder, TRUE, error))
    return FALSE;
  if (hit->account->state.uid_validity != hit->uid_validity)
    {
      batch->wants_another_look = TRUE;
      return TRUE;
    }
  return ac_imap_transfer_remove (hit->account->connection, &hit->message->uid, 1, error);
}
