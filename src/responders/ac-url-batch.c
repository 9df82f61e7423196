/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>

#include "model/ac-json.h"
#include "model/ac-time.h"
#include "responders/ac-block-list-file.h"
#include "responders/ac-dns-policy.h"
#include "responders/ac-url-batch.h"

#define LIST_LOCK ".lock"

static void
work_free (AcUrlWork *work)
{
  ac_url_receipt_free (work->receipt);
  g_free (work->reason);
  g_strfreev (work->others);
  g_free (work);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AcUrlWork, work_free)

/* The scope of a block; an action that names none is about its URL alone. */
static AcUrlScope
get_scope (AcEntity *entity)
{
  const char *scope = ac_entity_get_string (entity, "scope");

  return scope != NULL ? ac_url_scope_parse (scope) : AC_URL_SCOPE_URL;
}

static gint64
get_expiry (const AcUrlConfig *config, AcEntity *entity)
{
  gint64 at = ac_entity_get_time (entity, "expiresAt");

  if (at == AC_TIME_NONE && config->expire_days > 0)
    at = ac_time_now () + config->expire_days * G_TIME_SPAN_DAY;
  return at;
}

/* What the task is to block; FALSE: it has its outcome. */
static gboolean
begin (AcUrlBatch *batch, AcUrlWork *work, AcDirection direction)
{
  AcEntity *entity = work->task->entity;
  const char *text = ac_entity_get_string (entity, "url");
  gint64 expires_at = get_expiry (batch->config, entity);
  g_autoptr (GError) error = NULL;
  g_autoptr (AcUrlPattern) pattern =
      ac_url_pattern_new (get_scope (entity), text != NULL ? text : "", &error);

  if (pattern == NULL)
    {
      ac_task_set_failed (work->task, FALSE, "%s Nothing was blocked.", error->message);
      return FALSE;
    }
  if (direction == AC_DIRECTION_APPLY && expires_at != AC_TIME_NONE && expires_at <= ac_time_now ())
    {
      g_autofree char *time = ac_url_time_for_people (expires_at);

      ac_task_set_failed (work->task, FALSE,
                          "Nothing was blocked: the block was to end at %s, which is over.", time);
      return FALSE;
    }
  work->receipt = ac_url_receipt_new (pattern, expires_at);
  return TRUE;
}

static gboolean
read_task (AcUrlBatch *batch, AcUrlWork *work, AcDirection direction)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) threats = ac_entity_get_strings (work->task->entity, "threats");

  if (threats != NULL && threats[0] != NULL)
    work->reason = g_strjoinv (", ", threats);
  if (work->task->receipt != NULL)
    {
      work->receipt = ac_url_receipt_new_from_json (work->task->receipt, &error);
      work->was_begun = TRUE;
      if (work->receipt == NULL)
        ac_task_set_failed (work->task, FALSE, "%s", error->message);
      return work->receipt != NULL;
    }
  /* For an undo too: that nothing of it stands on the list is to be seen, not supposed. */
  return begin (batch, work, direction);
}

/* DNS answers for names, and cannot tell one URL on a host from another. */
static gboolean
is_for_dns (const AcUrlConfig *config, AcUrlWork *work)
{
  const AcUrlPattern *pattern = work->receipt->pattern;

  if (ac_url_pattern_is_host_wide (pattern) && !g_hostname_is_ip_address (pattern->key) &&
      ac_dns_policy_can_hold (pattern->key, config->dns_zone))
    return TRUE;
  ac_url_say_not_for_dns (work->task, pattern);
  return FALSE;
}

/**
 * ac_url_batch_new:
 *
 * Gives an outcome to each task that there is nothing to do for.
 *
 * Returns: (transfer full): a batch of the others.
 */
AcUrlBatch *
ac_url_batch_new (const AcUrlConfig *config,
                  AcBlockPoint point,
                  AcDirection direction,
                  GPtrArray *tasks,
                  AcReceiptSink sink,
                  gpointer sink_data,
                  GCancellable *cancellable)
{
  AcUrlBatch *batch = g_new0 (AcUrlBatch, 1);

  batch->config = config;
  batch->point = point;
  batch->works = g_ptr_array_new_with_free_func ((GDestroyNotify)work_free);
  batch->sink = sink;
  batch->sink_data = sink_data;
  batch->cancellable = cancellable;
  for (guint i = 0; i < tasks->len; i++)
    {
      g_autoptr (AcUrlWork) work = g_new0 (AcUrlWork, 1);

      work->task = tasks->pdata[i];
      if (read_task (batch, work, direction) &&
          (point != AC_BLOCK_POINT_DNS || is_for_dns (config, work)))
        g_ptr_array_add (batch->works, g_steal_pointer (&work));
    }
  return batch;
}

void
ac_url_batch_free (AcUrlBatch *batch)
{
  g_ptr_array_unref (batch->works);
  g_free (batch);
}

/**
 * ac_url_batch_unfinished:
 *
 * Returns: (transfer container) (element-type AcUrlWork): those without an outcome.
 */
GPtrArray *
ac_url_batch_unfinished (AcUrlBatch *batch)
{
  GPtrArray *works = g_ptr_array_new ();

  for (guint i = 0; i < batch->works->len; i++)
    {
      AcUrlWork *work = batch->works->pdata[i];

      if (work->task->outcome == AC_OUTCOME_UNKNOWN)
        g_ptr_array_add (works, work);
    }
  return works;
}

/**
 * ac_url_batch_set_state:
 *
 * Writes down how far the unfinished works have come.
 *
 * Returns: %TRUE when it is on disk.
 */
gboolean
ac_url_batch_set_state (AcUrlBatch *batch, AcUrlState state, GError **error)
{
  g_autoptr (GPtrArray) works = ac_url_batch_unfinished (batch);
  g_autoptr (GPtrArray) tasks = g_ptr_array_new ();

  for (guint i = 0; i < works->len; i++)
    {
      AcUrlWork *work = works->pdata[i];

      if (work->receipt->state == state && work->task->receipt != NULL && !work->is_unwritten)
        continue;
      work->is_unwritten = FALSE;
      work->receipt->state = state;
      g_clear_pointer (&work->task->receipt, json_object_unref);
      work->task->receipt = ac_url_receipt_to_json (work->receipt);
      g_ptr_array_add (tasks, work->task);
    }
  if (tasks->len == 0 || batch->sink (tasks, batch->sink_data, error))
    return TRUE;
  batch->sink_has_failed = TRUE;
  return FALSE;
}

/* --- the list --- */

static AcBlockList *
read_or_make (const char *path, gboolean *is_new, GError **error)
{
  g_autoptr (GError) problem = NULL;
  AcBlockList *list = ac_block_list_load (path, NULL, &problem);

  *is_new = g_error_matches (problem, AC_BLOCK_LIST_ERROR, AC_BLOCK_LIST_ERROR_MISSING);
  if (*is_new)
    return ac_block_list_new ();
  if (list == NULL)
    g_propagate_error (error, g_steal_pointer (&problem));
  return list;
}

/**
 * ac_url_batch_read_list:
 *
 * Looks which entries the actions have, and which other actions block the same.
 *
 * Returns: (transfer full): the list as it is; a new one when there is none.
 */
AcBlockList *
ac_url_batch_read_list (AcUrlBatch *batch, GError **error)
{
  gboolean is_new;
  AcBlockList *list = read_or_make (batch->config->list, &is_new, error);

  if (list == NULL)
    return NULL;
  for (guint i = 0; i < batch->works->len; i++)
    {
      AcUrlWork *work = batch->works->pdata[i];
      g_autoptr (GPtrArray) covering = ac_block_list_covering (
          list, batch->point, work->receipt->pattern, work->task->action_id, ac_time_now ());
      g_autoptr (GStrvBuilder) others = g_strv_builder_new ();

      work->was_on_list |= ac_block_list_find (list, batch->point, work->task->action_id) != NULL;
      for (guint k = 0; k < covering->len; k++)
        g_strv_builder_add (others, ((const AcBlockEntry *)covering->pdata[k])->action_id);
      g_strfreev (work->others);
      work->others = g_strv_builder_end (others);
    }
  return list;
}

static gboolean
put_entry (AcBlockList *list, AcUrlBatch *batch, AcUrlWork *work)
{
  const char *id = work->task->action_id;
  const AcBlockEntry *entry = ac_block_list_find (list, batch->point, id);
  AcBlockEntry *new_entry;

  if (entry != NULL && entry->pattern->scope == work->receipt->pattern->scope &&
      g_str_equal (entry->pattern->key, work->receipt->pattern->key) &&
      entry->expires_at == work->receipt->expires_at && entry->left == work->receipt->left)
    return FALSE;
  if (entry != NULL)
    ac_block_list_remove (list, batch->point, id);
  new_entry = ac_block_entry_new (batch->point, work->receipt->pattern, id, work->reason,
                                  work->receipt->expires_at);
  new_entry->left = work->receipt->left;
  ac_block_list_add (list, new_entry);
  return TRUE;
}

static gboolean
change_list (AcUrlBatch *batch, GPtrArray *works, gboolean put, GError **error)
{
  g_autoptr (AcBlockList) list = NULL;
  gboolean is_changed = FALSE;
  int lock;

  if (works->len == 0)
    return TRUE;
  lock = ac_block_list_lock (batch->config->list, LIST_LOCK, error);
  if (lock < 0)
    return FALSE;
  list = read_or_make (batch->config->list, &is_changed, error);
  for (guint i = 0; list != NULL && i < works->len; i++)
    {
      AcUrlWork *work = works->pdata[i];

      is_changed |= put ? put_entry (list, batch, work)
                        : ac_block_list_remove (list, batch->point, work->task->action_id);
    }
  if (list != NULL && is_changed && !ac_block_list_save (list, batch->config->list, error))
    g_clear_pointer (&list, ac_block_list_free);
  g_close (lock, NULL);
  return list != NULL;
}

/**
 * ac_url_batch_put_on_list:
 *
 * Returns: whether the list on disk has an entry of each unfinished work.
 */
gboolean
ac_url_batch_put_on_list (AcUrlBatch *batch, GError **error)
{
  g_autoptr (GPtrArray) works = ac_url_batch_unfinished (batch);

  return change_list (batch, works, TRUE, error);
}

/**
 * ac_url_batch_take_off_list:
 *
 * Returns: whether the list on disk has an entry of none of them. Where there was no list there is
 * one then: the proxies would otherwise go on with what they have read last.
 */
gboolean
ac_url_batch_take_off_list (AcUrlBatch *batch, GError **error)
{
  g_autoptr (GPtrArray) works = ac_url_batch_unfinished (batch);

  return change_list (batch, works, FALSE, error);
}

/**
 * ac_url_batch_let_go:
 * @problem: (nullable): what has stopped the whole batch in DNS
 *
 * Takes those off the list again whose rule DNS has refused, for it was put there first. Where DNS
 * may have taken it all the same the entry stays, so that an undo or the end of its time finds
 * both.
 *
 * Returns: whether the list on disk is like that.
 */
gboolean
ac_url_batch_let_go (AcUrlBatch *batch, const GError *problem, GError **error)
{
  g_autoptr (GPtrArray) works = g_ptr_array_new ();
  gboolean may_be_there = g_error_matches (problem, AC_DNS_ERROR, AC_DNS_ERROR_UNREACHABLE) ||
                          g_error_matches (problem, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  for (guint i = 0; i < batch->works->len; i++)
    {
      AcUrlWork *work = batch->works->pdata[i];
      gboolean is_stopped = work->task->outcome == AC_OUTCOME_UNKNOWN && problem != NULL;

      if (work->task->outcome != AC_OUTCOME_FAILED && !is_stopped)
        continue;
      /* An entry from before may have a rule from before. */
      work->task->did_part = work->was_on_list || (is_stopped && (may_be_there || work->was_begun));
      if (!work->task->did_part)
        g_ptr_array_add (works, work);
    }
  return change_list (batch, works, FALSE, error);
}

/**
 * ac_url_batch_is_transient:
 *
 * Returns: whether trying again later may help against @error.
 */
gboolean
ac_url_batch_is_transient (AcUrlBatch *batch, const GError *error)
{
  return batch->sink_has_failed ||
         g_error_matches (error, AC_BLOCK_LIST_ERROR, AC_BLOCK_LIST_ERROR_DISK) ||
         g_error_matches (error, AC_DNS_ERROR, AC_DNS_ERROR_UNREACHABLE);
}
