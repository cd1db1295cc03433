package browser

import (
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/stretchr/testify/require"

	"leanpmo/internal/testkit"
)

// point is a place in the window.
type point struct{ X, Y float64 }

// middle brings what a selector names into the window and says where its upper middle is.
func (w *window) middle(selector string) point {
	w.t.Helper()
	found := run[[]float64](w, `((selector) => { const e = document.querySelector(selector); if (!e) return []; e.scrollIntoView({block: "center", inline: "center"});
		const r = e.getBoundingClientRect(); return [r.left + r.width / 2, r.top + Math.min(r.height / 2, 40)] })(`+quoted(selector)+`)`)
	require.Len(w.t, found, 2, "%s finds no %s on %s", w.who, selector, w.path())
	return point{found[0], found[1]}
}

// drag drags what one selector names with the mouse to what the other names, and waits for the page that follows. The browser hands the drag over
// when it begins one, as it does to a desktop.
func (w *window) drag(from, to string) {
	w.t.Helper()
	begun := make(chan *input.DragData, 1)
	w.mu.Lock()
	w.dragged = begun
	w.mu.Unlock()
	w.do(call(input.SetInterceptDrags, input.SetInterceptDragsParams{Enabled: true}))
	at := w.middle(from)
	mouse := func(kind input.DispatchMouseEventType, p point) {
		w.do(call(input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: p.X, Y: p.Y, Button: input.MouseButtonLeft, Buttons: 1, ClickCount: 1}))
	}
	mouse(input.DispatchMouseEventTypeMousePressed, at)
	for step := range 4 {
		mouse(input.DispatchMouseEventTypeMouseMoved, point{at.X + float64(6*(step+1)), at.Y + float64(4*(step+1))})
	}
	var data *input.DragData
	select {
	case data = <-begun:
	case <-time.After(testkit.Patience):
		require.Fail(w.t, "the browser begins no drag", "of %s on %s", from, w.path())
	}
	over := w.middle(to)
	for _, kind := range []input.DispatchDragEventType{input.DispatchDragEventTypeDragEnter, input.DispatchDragEventTypeDragOver} {
		w.do(call(input.DispatchDragEvent, input.DispatchDragEventParams{Type: kind, X: over.X, Y: over.Y, Data: data}))
	}
	require.True(w.t, run[bool](w, `document.querySelector(`+quoted(to)+`).matches(".target")`), "the column says that it takes the card")
	run[bool](w, `window.leftBehind = true`)
	w.do(call(input.DispatchDragEvent, input.DispatchDragEventParams{Type: input.DispatchDragEventTypeDrop, X: over.X, Y: over.Y, Data: data}))
	mouse(input.DispatchMouseEventTypeMouseReleased, over)
	w.settle()
}
