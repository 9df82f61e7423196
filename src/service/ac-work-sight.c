/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "model/ac-cluster.h"
#include "service/ac-work-sight.h"

void
ac_work_sight_clear (AcWorkSight *sight)
{
  g_strfreev (sight->mailboxes);
  g_clear_pointer (&sight->messages, g_ptr_array_unref);
  g_clear_error (&sight->problem);
}

/**
 * ac_work_sight_look:
 * @responder: (nullable): who can look, if anybody
 *
 * Blocks.
 */
void
ac_work_sight_look (AcWorkSight *sight,
                    AcResponder *responder,
                    const AcWorkItem *item,
                    GCancellable *cancellable)
{
  gboolean is_cluster = g_strcmp0 (ac_entity_get_entity_type (item->entity),
                                   ac_entity_type_wire (AC_ENTITY_TYPE_EMAIL_CLUSTER)) == 0;
  g_autoptr (AcCluster) cluster = ac_cluster_new (item->entity);

  if (responder == NULL)
    g_set_error (&sight->problem, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED,
                 "This service has no responder for actions of the type “%s”. Ask its "
                 "administrator to configure one.",
                 ac_vocabulary_label (AC_VOCABULARY_ACTION_TYPE, item->type));
  else if (is_cluster && g_str_equal (item->asset, AC_CLUSTER_ALL_MAILBOXES))
    sight->mailboxes = ac_responder_list_assets (responder, &sight->problem);
  else if (is_cluster && !ac_cluster_has_mailbox (cluster, item->asset))
    sight->messages = g_ptr_array_new ();
  else
    sight->messages = ac_responder_look (responder, item->entity, item->asset, &sight->is_transient,
                                         cancellable, &sight->problem);
}

/**
 * ac_work_sight_write:
 *
 * Returns: %TRUE when it is on disk.
 */
gboolean
ac_work_sight_write (const AcWorkSight *sight, AcStore *store, AcWorkItem *item, GError **error)
{
  if (sight->mailboxes != NULL)
    return ac_store_finish_listing (store, item, (const char *const *)sight->mailboxes, error);
  return ac_store_finish_look (store, item, sight->messages,
                               sight->problem != NULL ? sight->problem->message : NULL, error);
}
