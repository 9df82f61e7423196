/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "window/ac-compat.h"
#include "window/ac-run-notice.h"
#include "window/ac-wording.h"

/* How long it offers to undo the decision. Under History it can be undone later. */
#define SECONDS 15
/* In a window that is narrower (pixels at normal text size) a toast would lie over the flyout. */
#define ROOM_FOR_TOAST 1100

struct _AcRunNotice
{
  GObject parent_instance;

  AdwToastOverlay *overlay;
  AcNoticeLine *line;
  AcAdaptiveBin *bin;

  AdwToast *toast;     /* the one that is shown; nullable */
  AcOperationRun *run; /* what is told of; nullable */
};

G_DEFINE_FINAL_TYPE (AcRunNotice, ac_run_notice, G_TYPE_OBJECT)

static void
forget_run (AcRunNotice *self)
{
  g_clear_object (&self->run);
}

static void
dismissed_cb (AcRunNotice *self, AdwToast *toast)
{
  if (self->toast != toast)
    return;
  g_clear_object (&self->toast);
  forget_run (self);
}

static void
ac_run_notice_dispose (GObject *object)
{
  AcRunNotice *self = AC_RUN_NOTICE (object);

  if (self->toast != NULL)
    g_signal_handlers_disconnect_by_data (self->toast, self);
  g_clear_object (&self->toast);
  g_clear_object (&self->run);
  g_clear_object (&self->overlay);
  g_clear_object (&self->line);
  g_clear_object (&self->bin);
  G_OBJECT_CLASS (ac_run_notice_parent_class)->dispose (object);
}

static void
ac_run_notice_class_init (AcRunNoticeClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ac_run_notice_dispose;
}

static void
ac_run_notice_init (AcRunNotice *self)
{
}

/**
 * ac_run_notice_new:
 * @overlay: where a toast is shown
 * @line: what is shown instead of it
 * @bin: says how much room there is
 *
 * Returns: (transfer full): nothing is told yet.
 */
AcRunNotice *
ac_run_notice_new (AdwToastOverlay *overlay, AcNoticeLine *line, AcAdaptiveBin *bin)
{
  AcRunNotice *self = g_object_new (AC_TYPE_RUN_NOTICE, NULL);

  self->overlay = g_object_ref (overlay);
  self->line = g_object_ref (line);
  self->bin = g_object_ref (bin);
  g_signal_connect_object (line, "closed", G_CALLBACK (forget_run), self, G_CONNECT_SWAPPED);
  return self;
}

/* (transfer full) (nullable): NULL: it has not ended. */
static char *
dup_text (AcOperationRun *run)
{
  const AcProblem *problem = ac_operation_run_get_problem (run);
  const char *message = ac_operation_run_get_message (run);

  switch (ac_operation_run_get_state (run))
    {
    case AC_OPERATION_RUN_FINISHED:
      return ac_wording_run_result (run);
    case AC_OPERATION_RUN_FAILED:
    case AC_OPERATION_RUN_UNSURE:
      if (problem != NULL && problem->conflicts->len > 0 &&
          ((AcConflict *)g_ptr_array_index (problem->conflicts, 0))->decided_by != NULL)
        return ac_wording_conflict (g_ptr_array_index (problem->conflicts, 0));
      return g_strdup (message != NULL ? message : _ ("The decision was not taken."));
    case AC_OPERATION_RUN_NEW:
    case AC_OPERATION_RUN_SUBMITTING:
    case AC_OPERATION_RUN_RUNNING:
    case AC_OPERATION_RUN_STOPPED:
    default:
      return NULL;
    }
}

static void
show_toast (AcRunNotice *self, const char *text, const char *label, const char *action)
{
  g_autofree char *escaped = g_markup_escape_text (text, -1);
  AdwToast *toast = adw_toast_new (escaped);

  adw_toast_set_timeout (toast, SECONDS);
  adw_toast_set_button_label (toast, label);
  adw_toast_set_action_name (toast, action);
  self->toast = g_object_ref (toast);
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (dismissed_cb), self, G_CONNECT_SWAPPED);
  adw_toast_overlay_add_toast (self->overlay, toast);
}

/**
 * ac_run_notice_show:
 * @run: a decision; one that has not ended is not told of
 */
void
ac_run_notice_show (AcRunNotice *self, AcOperationRun *run)
{
  g_auto (GStrv) undoable = NULL;
  g_autofree char *text = NULL;
  const char *label = NULL;
  const char *action = NULL;

  g_return_if_fail (AC_IS_RUN_NOTICE (self));
  g_return_if_fail (AC_IS_OPERATION_RUN (run));

  text = dup_text (run);
  if (text == NULL)
    return;
  ac_run_notice_dismiss (self);
  self->run = g_object_ref (run);
  undoable = ac_operation_run_get_undoable_ids (run);
  if (undoable != NULL && undoable[0] != NULL)
    {
      label = _ ("_Undo");
      action = "win.undo-run";
    }
  else if (ac_operation_run_get_state (run) != AC_OPERATION_RUN_FINISHED ||
           ac_operation_run_get_failed (run) > 0 || ac_operation_run_get_skipped (run) > 0)
    {
      label = _ ("_Show");
      action = "win.show-run";
    }
  ac_compat_announce (GTK_WIDGET (self->overlay), text);
  if (ac_adaptive_bin_get_available_width (self->bin) < ROOM_FOR_TOAST)
    ac_notice_line_show (self->line, text, label, action, SECONDS);
  else
    show_toast (self, text, label, action);
}

/**
 * ac_run_notice_dismiss:
 *
 * Makes room for something newer.
 */
void
ac_run_notice_dismiss (AcRunNotice *self)
{
  g_return_if_fail (AC_IS_RUN_NOTICE (self));

  ac_notice_line_hide (self->line);
  if (self->toast != NULL)
    {
      g_autoptr (AdwToast) toast = g_steal_pointer (&self->toast);

      adw_toast_dismiss (toast);
    }
  forget_run (self);
}

/**
 * ac_run_notice_take_run:
 *
 * Returns: (transfer full) (nullable): what was told of, once.
 */
AcOperationRun *
ac_run_notice_take_run (AcRunNotice *self)
{
  g_return_val_if_fail (AC_IS_RUN_NOTICE (self), NULL);

  return g_steal_pointer (&self->run);
}
