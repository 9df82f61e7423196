/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gets for a view of a cluster's messages what it asks for: pages of them, and a new count. */
#pragma once

#include "client/ac-api.h"
#include "window/ac-targets-view.h"

G_BEGIN_DECLS

#define AC_TYPE_TARGETS_LOADER (ac_targets_loader_get_type ())
G_DECLARE_FINAL_TYPE (AcTargetsLoader, ac_targets_loader, AC, TARGETS_LOADER, GObject)

AcTargetsLoader *ac_targets_loader_new (AcTargetsView *view);
void ac_targets_loader_set_action (AcTargetsLoader *self, AcApi *api, AcAction *action);

G_END_DECLS
