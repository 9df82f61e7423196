/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a look at the targets of an action has given: mailboxes, messages or addresses, or a
 * problem. */
#pragma once

#include "responders/ac-responder.h"
#include "store/ac-store.h"

G_BEGIN_DECLS

typedef struct
{
  GStrv mailboxes;
  GPtrArray *messages; /* of AcClusterMessage */
  GError *problem;
  gboolean is_transient;
} AcWorkSight;

void ac_work_sight_look (AcWorkSight *sight,
                         AcResponder *responder,
                         const AcWorkItem *item,
                         GCancellable *cancellable);
gboolean
ac_work_sight_write (const AcWorkSight *sight, AcStore *store, AcWorkItem *item, GError **error);
void ac_work_sight_clear (AcWorkSight *sight);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (AcWorkSight, ac_work_sight_clear)

G_END_DECLS
